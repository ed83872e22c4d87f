//! The tables of C in the text form: reading.

use super::cursor::{Cursor, Parsed};
use crate::{CAction, CFunction, CLayout, CScalar, CSignature, CType, Place};

/// The rest of a line that begins with `cstruct`.
pub(super) fn layout(line: &mut Cursor<'_>) -> Parsed<CLayout> {
    let (name, size) = (line.quoted()?, line.unsigned("a size")?);
    super::keyword(line, "align")?;
    let align = line.unsigned("an alignment")?;
    let fields = line.list("{", "}", |line| {
        let at = line.unsigned("a place")?;
        let word = line.word("a type of C")?;
        let scalar = CScalar::ALL.iter().find(|scalar| scalar.word() == word);
        Ok((at, *scalar.ok_or_else(|| line.error(format!("`{word}` is no scalar of C")))?))
    })?;
    Ok(CLayout { name, size, align, fields })
}

/// Types of C.
pub(super) fn signature(line: &mut Cursor<'_>) -> Parsed<CSignature> {
    let params = line.list("(", ")", c_type)?;
    line.expect("->")?;
    let mut results = line.list("(", ")", c_type)?;
    if results.len() > 1 {
        return Err(line.error("a function of C has one result at most"));
    }
    let variadic = if line.eat_word("variadic") { Some(line.unsigned("a number")?) } else { None };
    Ok(CSignature { params, result: results.pop(), variadic })
}

fn c_type(line: &mut Cursor<'_>) -> Parsed<CType> {
    Ok(match line.word("a type of C")? {
        "cstr" => CType::Text,
        "elements" => CType::Elements,
        "pointer" => CType::Pointer,
        "struct" => CType::Struct(line.unsigned("an index")?),
        "callback" => CType::Callback(line.unsigned("an index")?),
        word => match CScalar::ALL.iter().find(|scalar| scalar.word() == word) {
            Some(scalar) => CType::Scalar(*scalar),
            None => return Err(line.error(format!("`{word}` is no type of C"))),
        },
    })
}

/// What comes after the equals sign of a `cfunction`.
pub(super) fn function(line: &mut Cursor<'_>) -> Parsed<CFunction> {
    let symbol = line.quoted()?;
    let library = if line.eat_word("in") { Some(line.quoted()?) } else { None };
    let weak = line.eat_word("weak");
    let taken = line.signature()?;
    let action = match line.word("what it does")? {
        "call" => CAction::Call(signature(line)?),
        "address" => CAction::Address,
        "newcallback" => CAction::NewCallback(line.unsigned("an index")?),
        "freecallback" => CAction::FreeCallback,
        word => return Err(line.error(format!("`{word}` is nothing that a use of C does"))),
    };
    let place = if line.eat("@") { line.place((0, 0))?.0 } else { Place::default() };
    Ok(CFunction { library, symbol, weak, place, signature: taken, action })
}
