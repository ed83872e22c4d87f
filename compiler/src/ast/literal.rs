//! Literals, strings with interpolation, and format specifications.

use super::{Expr, Name};
use crate::source::Span;

/// A value written out in the source.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// `42`, `0xff`, `b'a'`. A minus sign before decimal digits belongs to the literal: `-1` is `Int(-1)`.
    Int(i64),
    /// `1.5`; a minus sign before it belongs to the literal.
    Float(f64),
    /// `true`, `false`.
    Bool(bool),
    /// `'a'`.
    Char(char),
    /// `"text"`, `r"raw"`, `"""lines"""`: the value, escapes resolved.
    Str(Name),
    /// `b"bytes"`, a `[u8]`.
    Bytes(Box<[u8]>),
}

/// A string without interpolation where the grammar asks for one: a test's or a library's name.
#[derive(Clone, Copy, Debug)]
pub struct StrLit {
    /// The value, escapes resolved.
    pub value: Name,
    /// With the quotes.
    pub span: Span,
}

/// A part of a string with interpolation.
#[derive(Debug)]
pub enum Piece {
    /// Text as it is, escapes resolved; never empty.
    Text(Name),
    /// `${expr}` or `${expr:spec}`.
    Expr(Expr, Option<Box<FormatSpec>>),
}

/// What stands after the `:` in `${expr:spec}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FormatSpec {
    /// The character to fill up with, when one is given.
    pub fill: Option<char>,
    /// `<`, `^` or `>`.
    pub align: Option<Align>,
    /// `+`: show the sign of positive numbers too.
    pub plus: bool,
    /// `0` before the width: fill with zeros after the sign.
    pub zero: bool,
    /// The smallest width in chars.
    pub width: Option<u32>,
    /// The digits after the point of a float, the longest width of anything else.
    pub precision: Option<u32>,
    /// `x`, `X`, `b`, `o`, `e`.
    pub kind: Option<FormatKind>,
    /// The text after the `:`.
    pub span: Span,
}

/// Where a value stands within its width.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Align {
    /// `<`
    Left,
    /// `^`
    Center,
    /// `>`
    Right,
}

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormatKind {
    /// `x`
    LowerHex,
    /// `X`
    UpperHex,
    /// `b`
    Binary,
    /// `o`
    Octal,
    /// `e`
    Exponent,
}
