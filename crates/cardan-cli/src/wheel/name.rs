//! Wheel file names: `NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl`.

use crate::error::{Error, Result};

/// The parts of a wheel's file name. Each tag may hold several, with dots between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelName {
    /// Name, version and, if there is one, build number, with hyphens between.
    pub release: String,
    /// The Python tag, such as `py3`.
    pub python: String,
    /// The ABI tag, such as `none`.
    pub abi: String,
    /// The platform tag, such as `manylinux_2_17_x86_64.manylinux2014_x86_64`.
    pub platform: String,
}

impl WheelName {
    /// Takes a file name apart.
    ///
    /// # Errors
    /// It is not the name of a wheel.
    pub fn parse(name: &str) -> Result<Self> {
        let refused =
            || Error::new(format!("{name} is not a wheel: expected a name like NAME-VERSION-PYTHON-ABI-PLATFORM.whl"));
        let parts: Vec<&str> = name.strip_suffix(".whl").ok_or_else(refused)?.split('-').collect();
        let [release @ .., python, abi, platform] = parts.as_slice() else { return Err(refused()) };
        if !(2..=3).contains(&release.len()) {
            return Err(refused());
        }
        let (python, abi, platform) = (python.to_string(), abi.to_string(), platform.to_string());
        Ok(Self { release: release.join("-"), python, abi, platform })
    }

    /// The tags one by one, `PYTHON-ABI-PLATFORM`.
    pub fn tags(&self) -> Vec<String> {
        let each = |text: &str| text.split('.').map(Into::into).collect::<Vec<String>>();
        let mut tags = Vec::new();
        for python in each(&self.python) {
            for abi in each(&self.abi) {
                tags.extend(each(&self.platform).into_iter().map(|platform| format!("{python}-{abi}-{platform}")));
            }
        }
        tags
    }
}

impl std::fmt::Display for WheelName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}-{}-{}-{}.whl", self.release, self.python, self.abi, self.platform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_apart_and_put_together() {
        let text = "a_b-1.0-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
        let name = WheelName::parse(text).unwrap();
        assert_eq!((name.release.as_str(), name.python.as_str()), ("a_b-1.0-1", "cp313"));
        assert_eq!(name.to_string(), text);
        assert_eq!(name.tags(), ["cp313-cp313-manylinux_2_17_x86_64", "cp313-cp313-manylinux2014_x86_64"]);
    }

    #[test]
    fn what_is_no_wheel_is_refused() {
        for text in ["a.zip", "a-py3-none-any.whl", "a-1-2-3-py3-none-any.whl"] {
            assert_eq!(
                WheelName::parse(text).unwrap_err().to_string(),
                format!("error: {text} is not a wheel: expected a name like NAME-VERSION-PYTHON-ABI-PLATFORM.whl")
            );
        }
    }
}
