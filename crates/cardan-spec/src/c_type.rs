//! C types as values: enough of C's declarator syntax for the declarations of the C API.

use std::fmt;

/// A C type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CType {
    /// `void`.
    Void,
    /// A type known by its name, for example `Py_ssize_t`, `unsigned long` or `struct _inittab`.
    Named {
        /// The name, words separated by one space.
        name: String,
        /// Whether it is `const`.
        constant: bool,
    },
    /// A pointer.
    Pointer {
        /// What it points to; `void` for `void *`.
        to: Box<CType>,
        /// Whether what it points to is `const` although it is `void`.
        constant_void: bool,
        /// Whether the pointer itself is `const`.
        constant: bool,
    },
    /// A function; as a parameter or field always behind a pointer.
    Function {
        /// What it returns.
        result: Box<CType>,
        /// Its parameters in order, without `...`.
        parameters: Vec<Parameter>,
        /// Whether it takes further arguments (`...`).
        variadic: bool,
    },
    /// An array.
    Array {
        /// The type of an element.
        of: Box<CType>,
        /// The number of elements, if it is given.
        length: Option<u64>,
    },
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; a type of a callback often leaves it out.
    pub name: Option<String>,
    /// Its type.
    pub ctype: CType,
}

/// A name with its type: a function's signature, a field, a typedef or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The declared name, or none in an abstract declaration such as `const char *`.
    pub name: Option<String>,
    /// The type.
    pub ctype: CType,
}

impl Declaration {
    /// Reads one C declaration without its semicolon.
    ///
    /// # Errors
    /// A sentence that says what was expected and what was found.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokenize(text)?, position: 0 };
        let declaration = parser.declaration()?;
        match parser.peek() {
            None => Ok(declaration),
            Some(token) => Err(format!("expected the end of the declaration, found `{token}`")),
        }
    }
}

impl CType {
    /// Calls `visit` with the name of each named type in this type.
    pub fn visit_names<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        match self {
            CType::Void => {}
            CType::Named { name, .. } => visit(name),
            CType::Pointer { to, .. } => to.visit_names(visit),
            CType::Array { of, .. } => of.visit_names(visit),
            CType::Function { result, parameters, .. } => {
                result.visit_names(visit);
                for parameter in parameters {
                    parameter.ctype.visit_names(visit);
                }
            }
        }
    }

    /// Whether this is a pointer to the type of that name, `const` or not.
    pub fn is_pointer_to(&self, name: &str) -> bool {
        matches!(self, CType::Pointer { to, .. } if matches!(&**to, CType::Named { name: found, .. } if found == name))
    }
}

struct Parser {
    tokens: Vec<String>,
    position: usize,
}

/// What stands between a base type and a name: applied from the outside in.
enum Layer {
    Pointer { constant: bool },
    Function { parameters: Vec<Parameter>, variadic: bool },
    Array { length: Option<u64> },
}

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.position).map(String::as_str)
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.peek() == Some(token);
        self.position += usize::from(found);
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) {
            return Ok(());
        }
        Err(format!("expected `{token}`, found {}", self.found()))
    }

    fn found(&self) -> String {
        self.peek().map_or_else(|| "the end".to_owned(), |token| format!("`{token}`"))
    }

    fn declaration(&mut self) -> Result<Declaration, String> {
        let (base, base_constant) = self.base()?;
        let mut layers = Vec::new();
        let name = self.declarator(&mut layers)?;
        let mut ctype = base;
        let mut constant_void = base_constant && ctype == CType::Void;
        // The declarator is collected from the name outwards; the type is built from the base inwards.
        for layer in layers.into_iter().rev() {
            ctype = match layer {
                Layer::Pointer { constant } => {
                    let pointer = CType::Pointer { to: Box::new(ctype), constant_void, constant };
                    constant_void = false;
                    pointer
                }
                Layer::Function { parameters, variadic } => {
                    CType::Function { result: Box::new(ctype), parameters, variadic }
                }
                Layer::Array { length } => CType::Array { of: Box::new(ctype), length },
            };
        }
        Ok(Declaration { name, ctype })
    }

    fn base(&mut self) -> Result<(CType, bool), String> {
        let mut words: Vec<String> = Vec::new();
        let mut constant = false;
        while let Some(token) = self.peek() {
            if matches!(token, "const" | "PY_CXX_CONST") {
                constant = true;
            } else if !is_identifier(token) || (!words.is_empty() && !continues_base(&words, token)) {
                break;
            } else {
                words.push(token.to_owned());
            }
            self.position += 1;
        }
        match words.as_slice() {
            [] => Err(format!("expected a type, found {}", self.found())),
            [void] if void == "void" => Ok((CType::Void, constant)),
            words => Ok((CType::Named { name: words.join(" "), constant }, constant)),
        }
    }

    fn declarator(&mut self, layers: &mut Vec<Layer>) -> Result<Option<String>, String> {
        let mut pointers = Vec::new();
        while self.take("*") {
            pointers.push(Layer::Pointer { constant: self.take("const") });
        }
        let name = if self.peek() == Some("(") && self.tokens.get(self.position + 1).is_some_and(|token| token == "*") {
            self.position += 1;
            let name = self.declarator(layers)?;
            self.expect(")")?;
            name
        } else if self.peek().is_some_and(is_identifier) {
            self.position += 1;
            Some(self.tokens[self.position - 1].clone())
        } else {
            None
        };
        loop {
            if self.take("(") {
                let (parameters, variadic) = self.parameters()?;
                layers.push(Layer::Function { parameters, variadic });
            } else if self.take("[") {
                let length = match self.peek().and_then(|token| token.parse().ok()) {
                    Some(length) => {
                        self.position += 1;
                        Some(length)
                    }
                    None => None,
                };
                self.expect("]")?;
                layers.push(Layer::Array { length });
            } else {
                break;
            }
        }
        layers.extend(pointers.into_iter().rev());
        Ok(name)
    }

    fn parameters(&mut self) -> Result<(Vec<Parameter>, bool), String> {
        let mut parameters = Vec::new();
        if self.take(")") {
            return Err("expected parameters or `void`, found `)`".to_owned());
        }
        loop {
            if self.take("...") {
                self.expect(")")?;
                return Ok((parameters, true));
            }
            let Declaration { name, ctype } = self.declaration()?;
            parameters.push(Parameter { name, ctype });
            if self.take(")") {
                break;
            }
            self.expect(",")?;
        }
        if let [Parameter { name: None, ctype: CType::Void }] = parameters.as_slice() {
            parameters.clear();
        }
        Ok((parameters, false))
    }
}

/// Whether `token` belongs to the type whose first words are `words`, rather than being the declared name.
fn continues_base(words: &[String], token: &str) -> bool {
    let arithmetic = |word: &str| matches!(word, "unsigned" | "signed" | "long" | "short" | "int" | "char" | "double");
    match words {
        [first] if first == "struct" => true,
        _ => words.iter().all(|word| arithmetic(word)) && arithmetic(token),
    }
}

fn is_identifier(token: &str) -> bool {
    token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

fn tokenize(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("...") {
            3
        } else if first.is_ascii_alphanumeric() || first == '_' {
            rest.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(rest.len())
        } else if "*(),[]".contains(first) {
            1
        } else {
            return Err(format!("`{first}` cannot be part of a declaration"));
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// Writes the type as C writes it without a name, for example `PyObject *(*)(PyObject *, void *)`.
impl fmt::Display for CType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&spell(self, String::new()))
    }
}

/// Writes the declaration as C writes it, without a semicolon.
impl fmt::Display for Declaration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&spell(&self.ctype, self.name.clone().unwrap_or_default()))
    }
}

fn spell(ctype: &CType, inner: String) -> String {
    let spaced = |base: &str| if inner.is_empty() { base.to_owned() } else { format!("{base} {inner}") };
    match ctype {
        CType::Void => spaced("void"),
        CType::Named { name, constant } => spaced(&format!("{}{name}", if *constant { "const " } else { "" })),
        CType::Pointer { to, constant_void, constant } => {
            let mut inner = if *constant && !inner.is_empty() {
                format!("*const {inner}")
            } else if *constant {
                "*const".to_owned()
            } else {
                format!("*{inner}")
            };
            if matches!(**to, CType::Function { .. } | CType::Array { .. }) {
                inner = format!("({inner})");
            }
            let text = spell(to, inner);
            if *constant_void { format!("const {text}") } else { text }
        }
        CType::Function { result, parameters, variadic } => {
            let mut list: Vec<String> = parameters
                .iter()
                .map(|parameter| spell(&parameter.ctype, parameter.name.clone().unwrap_or_default()))
                .collect();
            if *variadic {
                list.push("...".to_owned());
            }
            let list = if list.is_empty() { "void".to_owned() } else { list.join(", ") };
            spell(result, format!("{inner}({list})"))
        }
        CType::Array { of, length } => {
            spell(of, format!("{inner}[{}]", length.map(|length| length.to_string()).unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_reads_back_as_it_was_written() {
        for text in [
            "PyObject *PyList_New(Py_ssize_t size)",
            "void PyErr_Clear(void)",
            "PyObject *PyErr_Format(PyObject *exception, const char *format, ...)",
            "PyObject *PyObject_Vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)",
            "unsigned long long PyLong_AsUnsignedLongLong(PyObject *pylong)",
            "unsigned long PyThread_start_new_thread(void (*func)(void *), void *arg)",
            "int PyImport_AppendInittab(const char *name, PyObject *(*initfunc)(void))",
            "int PyImport_ExtendInittab(struct _inittab *newtab)",
            "const void *digits",
            "const char *const PyStructSequence_UnnamedField",
            "const unsigned char _Py_ctype_tolower[256]",
            "int (*)(void)",
            "const PyType_Slot *",
        ] {
            assert_eq!(Declaration::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn a_pointer_to_a_function_keeps_its_parts() {
        let declaration = Declaration::parse("PyObject *(*binaryfunc)(PyObject *, PyObject *)").unwrap();
        assert_eq!(declaration.name.as_deref(), Some("binaryfunc"));
        let CType::Pointer { to, .. } = declaration.ctype else { panic!("not a pointer") };
        let CType::Function { result, parameters, variadic } = *to else { panic!("not a function") };
        assert!(result.is_pointer_to("PyObject"));
        assert_eq!(parameters.len(), 2);
        assert!(!variadic);
    }

    #[test]
    fn what_is_not_a_declaration_is_refused() {
        let problem = |text| Declaration::parse(text).unwrap_err();
        assert_eq!(problem("PyObject *PyList_New(Py_ssize_t size"), "expected `,`, found the end");
        assert_eq!(problem("int f()"), "expected parameters or `void`, found `)`");
        assert_eq!(problem("int f(void);"), "`;` cannot be part of a declaration");
        assert_eq!(problem("* f(void)"), "expected a type, found `*`");
        assert_eq!(problem("int f(void) g"), "expected the end of the declaration, found `g`");
    }
}
