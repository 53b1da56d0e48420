//! The layouts are those of `spec/handles/layout.golden`, which never change.
#![cfg(target_pointer_width = "64")]

mod offsets;

/// The lines of the golden file that begin with this word, without it.
fn facts(kind: &str) -> Vec<&'static str> {
    let golden = include_str!("../../../../spec/handles/layout.golden");
    let facts: Vec<&str> = golden.lines().filter_map(|line| line.strip_prefix(kind)?.strip_prefix(' ')).collect();
    assert!(!facts.is_empty(), "the golden file has no line of the kind {kind}");
    facts
}

/// The name that a declaration of a field or of a pointer to a function declares.
fn declared(declaration: &str) -> &str {
    match declaration.split_once("(*") {
        Some((_, rest)) => rest.split(')').next().unwrap_or(rest),
        None => declaration.rsplit(' ').next().unwrap_or(declaration),
    }
}

#[test]
fn each_field_of_the_context_is_where_it_was() {
    let mut expected = Vec::new();
    for fact in facts("entry") {
        let mut parts = fact.splitn(3, ' ').skip(1);
        let offset: usize = parts.next().unwrap().parse().unwrap();
        let members: Vec<&str> = parts.next().unwrap().split("; ").collect();
        for (index, member) in members.iter().enumerate() {
            expected.push((declared(member), offset + 8 / members.len() * index));
        }
    }
    assert_eq!(offsets::OFFSETS, expected.as_slice());
}

#[test]
fn each_struct_has_the_size_that_it_had() {
    let expected: Vec<(&str, usize)> = facts("size")
        .into_iter()
        .map(|fact| fact.split_once(' ').unwrap())
        .map(|(name, size)| (name, size.parse().unwrap()))
        .collect();
    assert_eq!(offsets::SIZES, expected.as_slice());
}

#[test]
fn each_signature_has_the_number_that_it_had() {
    let expected: Vec<(&str, u32)> = facts("signature")
        .into_iter()
        .map(|fact| fact.split_once(' ').unwrap())
        .map(|(number, rest)| (rest.split(' ').next().unwrap(), number.parse().unwrap()))
        .collect();
    assert_eq!(offsets::SIGNATURES, expected.as_slice());
}
