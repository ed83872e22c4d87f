//! Where the System V ABI for x86-64 puts arguments and results.
//!
//! After the ABI's document, section 3.2.3. Integers travel as 64 bits, already extended by their sign.

use lang_bytecode::{CLayout, CScalar, CType, MAX_REGISTER_STRUCT};

/// A register's kind and width.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Part {
    /// A general register.
    Int,
    /// A float register with a `double`, or eight bytes of a struct.
    Double,
    /// A float register with a `float`.
    Float,
}

/// How an argument travels. The stub finds each in one word: a value, or the address of a struct's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Passing {
    /// By itself.
    Value(Part),
    /// A struct of up to 8 bytes, in a register.
    One(Part),
    /// A struct of up to 16 bytes, in two.
    Two(Part, Part),
    /// A struct on the stack, with so many bytes.
    Stack(u32),
}

/// How a result travels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Return {
    /// `void`
    Nothing,
    /// In a register.
    One(Part),
    /// A struct in two.
    Two(Part, Part),
    /// A struct in memory that the caller gives.
    Memory,
}

/// What a stub is made for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Shape {
    /// The arguments.
    pub(crate) params: Vec<Passing>,
    /// The result.
    pub(crate) result: Return,
}

/// General and float registers for arguments.
const INT_REGISTERS: u32 = 6;
const FLOAT_REGISTERS: u32 = 8;

impl Shape {
    /// The shape of a signature.
    pub(crate) fn new(params: &[CType], result: Option<CType>, layouts: &[CLayout]) -> Shape {
        let layout = |index: u32| &layouts[index as usize];
        let result = match result {
            None => Return::Nothing,
            Some(CType::Struct(index)) => match classify(layout(index)) {
                None => Return::Memory,
                Some((first, None)) => Return::One(first),
                Some((first, Some(second))) => Return::Two(first, second),
            },
            Some(ty) => Return::One(part(ty)),
        };
        let mut left = Left { ints: INT_REGISTERS, floats: FLOAT_REGISTERS };
        if result == Return::Memory {
            left.ints -= 1;
        }
        let params = params
            .iter()
            .map(|ty| match ty {
                CType::Struct(index) => pass(layout(*index), &mut left),
                ty => {
                    let part = part(*ty);
                    left.take(part);
                    Passing::Value(part)
                }
            })
            .collect();
        Shape { params, result }
    }
}

/// The registers that are left for arguments.
struct Left {
    ints: u32,
    floats: u32,
}

impl Left {
    /// Takes a register, if there is one.
    fn take(&mut self, part: Part) {
        let left = if part == Part::Int { &mut self.ints } else { &mut self.floats };
        *left = left.saturating_sub(1);
    }

    /// Whether there are registers for all parts: a struct is never split between registers and the stack.
    fn has(&self, parts: &[Part]) -> bool {
        let ints = parts.iter().filter(|part| **part == Part::Int).count() as u32;
        ints <= self.ints && parts.len() as u32 - ints <= self.floats
    }
}

fn pass(layout: &CLayout, left: &mut Left) -> Passing {
    let on_stack = Passing::Stack(layout.size.next_multiple_of(8));
    match classify(layout) {
        Some((first, None)) if left.has(&[first]) => {
            left.take(first);
            Passing::One(first)
        }
        Some((first, Some(second))) if left.has(&[first, second]) => {
            left.take(first);
            left.take(second);
            Passing::Two(first, second)
        }
        _ => on_stack,
    }
}

fn part(ty: CType) -> Part {
    match ty {
        CType::Scalar(CScalar::F32) => Part::Float,
        CType::Scalar(CScalar::F64) => Part::Double,
        _ => Part::Int,
    }
}

/// The registers for a struct's one or two eightbytes; none for a larger one.
fn classify(layout: &CLayout) -> Option<(Part, Option<Part>)> {
    if layout.size > MAX_REGISTER_STRUCT {
        return None;
    }
    let class = |from: u32| {
        let mut here = layout.fields.iter().filter(|(at, _)| (from..from + 8).contains(at));
        if here.all(|(_, scalar)| scalar.is_float()) { Part::Double } else { Part::Int }
    };
    Some((class(0), (layout.size > 8).then(|| class(8))))
}

#[cfg(test)]
mod tests {
    use lang_bytecode::{CLayout, CScalar, CType};

    use super::{Part, Passing, Return, Shape};

    fn layout(size: u32, fields: &[(u32, CScalar)]) -> CLayout {
        CLayout { name: String::new(), size, align: 8, fields: fields.to_vec() }
    }

    #[test]
    fn structs_are_classified_by_eightbytes() {
        let mixed =
            layout(16, &[(0, CScalar::F32), (4, CScalar::F32), (8, CScalar::F64), (12, CScalar::I32)]);
        let large = layout(24, &[]);
        let shape =
            Shape::new(&[CType::Struct(0), CType::Struct(1)], Some(CType::Struct(1)), &[mixed, large]);
        assert_eq!(shape.params, [Passing::Two(Part::Double, Part::Int), Passing::Stack(24)]);
        assert_eq!(shape.result, Return::Memory);
    }

    #[test]
    fn a_struct_is_never_split() {
        let pair = layout(16, &[(0, CScalar::I64), (8, CScalar::I64)]);
        let mut params = vec![CType::Scalar(CScalar::I64); 5];
        params.push(CType::Struct(0));
        params.push(CType::Scalar(CScalar::I64));
        let shape = Shape::new(&params, None, &[pair]);
        assert_eq!(shape.params[5], Passing::Stack(16));
        assert_eq!(shape.params[6], Passing::Value(Part::Int));
    }
}
