//! Text: printing, interpolation, and the messages of failed assertions.

use lang_bytecode::{RegType, TrapKind, TypeId};

use super::builder::Builder;
use super::value::Value;
use crate::ast::{Align, FormatKind, FormatSpec};
use crate::hir::{Assert, ExprId, ExprKind, Literal, Piece, Print, TraitId, Ty, TyKind, methods};
use crate::ir::{Operand, Test};

/// The register type of strings.
pub(super) const STR: RegType = RegType::Ref(TypeId::STR);

/// What a value is to the natives that show it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Str,
    Int,
    Float,
    Char,
    Bool,
    Other,
}

impl<'p> Builder<'_, 'p> {
    fn shown(&self, ty: Ty) -> Shown {
        match self.lower.types.kind(ty) {
            TyKind::Str => Shown::Str,
            TyKind::Int => Shown::Int,
            TyKind::Storage(crate::hir::Storage::F32) => Shown::Float,
            TyKind::Storage(_) => Shown::Int,
            TyKind::Float => Shown::Float,
            TyKind::Char => Shown::Char,
            TyKind::Bool => Shown::Bool,
            _ => Shown::Other,
        }
    }

    /// A new text under construction, with room for a short one.
    fn buffer(&mut self) -> Operand {
        const ROOM: usize = 32;
        let of = self.lower.heap_type(Ty::BYTES);
        self.new_array(of, ROOM).into()
    }

    fn bytes_type(&mut self) -> RegType {
        RegType::Ref(self.lower.heap_type(Ty::BYTES))
    }

    /// Calls a native on a text under construction.
    fn append(&mut self, native: &str, buffer: Operand, rest: &[(Operand, RegType)]) {
        let mut args = vec![(buffer, self.bytes_type())];
        args.extend_from_slice(rest);
        self.native(native, &args, &[]);
    }

    pub(super) fn append_text(&mut self, buffer: Operand, text: &str) {
        if !text.is_empty() {
            let text = self.string(text);
            self.append("buf_push_str", buffer, &[(text, STR)]);
        }
    }

    /// A text that ends with a number, for the message of a trap.
    pub(super) fn text_with_int(&mut self, text: &str, number: Operand) -> Operand {
        let buffer = self.buffer();
        self.append_text(buffer, text);
        self.append_value(buffer, Ty::INT, Value::one(number), false);
        self.finish_text(buffer)
    }

    fn finish_text(&mut self, buffer: Operand) -> Operand {
        let bytes = self.bytes_type();
        self.native("buf_to_str", &[(buffer, bytes)], &[STR]).single()
    }

    /// Appends a value as `print` shows it, or as it stands within another value.
    pub(super) fn append_value(&mut self, buffer: Operand, ty: Ty, value: Value, quoted: bool) {
        let word = value.single();
        let (native, class) = match self.shown(ty) {
            Shown::Str => (if quoted { "buf_quote_str" } else { "buf_push_str" }, STR),
            Shown::Char => (if quoted { "buf_quote_char" } else { "buf_push_char" }, RegType::Int),
            Shown::Int => ("buf_push_int", RegType::Int),
            Shown::Float => ("buf_push_float", RegType::Float),
            Shown::Bool => {
                let text = self.bool_text(word);
                return self.append("buf_push_str", buffer, &[(text, STR)]);
            }
            Shown::Other => {
                let method = if quoted { methods::SHOW_QUOTE } else { methods::SHOW_WRITE };
                let arguments = [value, Value::one(buffer)];
                self.call_method(ty, TraitId::SHOW, method, &arguments, Ty::UNIT);
                return;
            }
        };
        self.append(native, buffer, &[(word, class)]);
    }

    /// `true` or `false`, as a string.
    fn bool_text(&mut self, word: Operand) -> Operand {
        let (yes, no) = (self.string("true"), self.string("false"));
        if let Operand::Int(value) = word {
            return if value != 0 { yes } else { no };
        }
        let dst = self.reg(STR);
        let (then, otherwise, after) = (self.block(), self.block(), self.block());
        self.branch(Test::INe, word, Operand::Int(0), then, otherwise);
        self.start(then);
        self.mov(dst, yes);
        self.jump(after);
        self.start(otherwise);
        self.mov(dst, no);
        self.jump(after);
        self.start(after);
        dst.into()
    }

    /// `"a ${b} c"`
    pub(super) fn interpolate(&mut self, pieces: &'p [Piece]) -> Value {
        if let Some(text) = self.constant_text(pieces) {
            return Value::one(self.string(&text));
        }
        if let [Piece::Show(id, None)] = pieces {
            let (ty, value) = (self.ty(*id), self.value(*id));
            return Value::one(self.text_of(ty, value));
        }
        let buffer = self.buffer();
        self.append_pieces(buffer, pieces);
        Value::one(self.finish_text(buffer))
    }

    /// The text of pieces that are all written out.
    fn constant_text(&self, pieces: &[Piece]) -> Option<String> {
        let text = |piece: &Piece| match piece {
            Piece::Text(name) => Some(self.lower.names.text(*name)),
            Piece::Show(..) | Piece::Quote(_) => None,
        };
        pieces.iter().map(text).collect()
    }

    fn append_pieces(&mut self, buffer: Operand, pieces: &'p [Piece]) {
        for piece in pieces {
            match piece {
                Piece::Text(name) => {
                    let text = self.lower.names.text(*name);
                    self.append_text(buffer, text);
                }
                Piece::Show(id, None) => {
                    let (ty, value) = (self.ty(*id), self.value(*id));
                    self.append_value(buffer, ty, value, false);
                }
                Piece::Show(id, Some(spec)) => self.append_formatted(buffer, *id, spec),
                Piece::Quote(id) => {
                    let (ty, value) = (self.ty(*id), self.value(*id));
                    self.append_value(buffer, ty, value, true);
                }
            }
        }
    }

    fn append_formatted(&mut self, buffer: Operand, id: ExprId, spec: &FormatSpec) {
        let (ty, value) = (self.ty(id), self.value(id));
        let flags = self.int(flags(spec));
        let width = self.int(i64::from(spec.width.unwrap_or(0)));
        let precision = self.int(spec.precision.map_or(-1, i64::from));
        let int = RegType::Int;
        let word = value.single();
        match self.shown(ty) {
            Shown::Int => self.append("buf_fmt_int", buffer, &[(word, int), (flags, int), (width, int)]),
            Shown::Float => {
                let rest = [(word, RegType::Float), (flags, int), (width, int), (precision, int)];
                self.append("buf_fmt_float", buffer, &rest);
            }
            shown => {
                let text = if shown == Shown::Str { word } else { self.text_of(ty, value) };
                self.append(
                    "buf_fmt_str",
                    buffer,
                    &[(text, STR), (flags, int), (width, int), (precision, int)],
                );
            }
        }
    }

    /// A value's text.
    fn text_of(&mut self, ty: Ty, value: Value) -> Operand {
        match self.shown(ty) {
            Shown::Str => value.single(),
            Shown::Bool => self.bool_text(value.single()),
            Shown::Int => self.native("str_from_int", &[(value.single(), RegType::Int)], &[STR]).single(),
            Shown::Float => {
                self.native("str_from_float", &[(value.single(), RegType::Float)], &[STR]).single()
            }
            Shown::Char => self.native("str_from_char", &[(value.single(), RegType::Int)], &[STR]).single(),
            Shown::Other => {
                let buffer = self.buffer();
                self.append_value(buffer, ty, value, false);
                self.finish_text(buffer)
            }
        }
    }

    /// `print`, `eprint`, `write`: all arguments are evaluated, then written.
    pub(super) fn print(&mut self, print: &'p Print) {
        let stream = Operand::Int(if print.to_stderr { 2 } else { 1 });
        let end = if print.newline { "\n" } else { "" };
        if let [only] = *print.args
            && let Some(expr) = self.expr(only)
            && let ExprKind::Interpolate(pieces) = &expr.kind
            && self.constant_text(pieces).is_none()
        {
            let buffer = self.buffer();
            self.append_pieces(buffer, pieces);
            self.append_text(buffer, end);
            return self.write_buffer(stream, buffer);
        }
        let values = self.values(&print.args);
        let types: Vec<Ty> = print.args.iter().map(|id| self.ty(*id)).collect();
        let simple = types.iter().all(|ty| self.shown(*ty) != Shown::Other);
        if simple {
            let mut text = String::new();
            for (index, (id, (ty, value))) in print.args.iter().zip(types.into_iter().zip(values)).enumerate()
            {
                if index > 0 {
                    text.push(' ');
                }
                if let Some(literal) = self.literal_text(*id) {
                    text.push_str(literal);
                    continue;
                }
                self.write_text(stream, &mut text);
                self.write_value(stream, ty, value.single());
            }
            text.push_str(end);
            return self.write_text(stream, &mut text);
        }
        let buffer = self.buffer();
        for (index, (ty, value)) in types.into_iter().zip(values).enumerate() {
            if index > 0 {
                self.append_text(buffer, " ");
            }
            self.append_value(buffer, ty, value, false);
        }
        self.append_text(buffer, end);
        self.write_buffer(stream, buffer);
    }

    /// The text of a string that is written out.
    fn literal_text(&self, id: ExprId) -> Option<&'p str> {
        match self.expr(id)?.kind {
            ExprKind::Literal(Literal::Str(name)) => Some(self.lower.names.text(name)),
            _ => None,
        }
    }

    fn write_buffer(&mut self, stream: Operand, buffer: Operand) {
        let bytes = self.bytes_type();
        self.native("out_bytes", &[(stream, RegType::Int), (buffer, bytes)], &[]);
    }

    fn write_text(&mut self, stream: Operand, text: &mut String) {
        if !text.is_empty() {
            let word = self.string(text);
            self.native("out_str", &[(stream, RegType::Int), (word, STR)], &[]);
            text.clear();
        }
    }

    fn write_value(&mut self, stream: Operand, ty: Ty, word: Operand) {
        let (native, word, class) = match self.shown(ty) {
            Shown::Int => ("out_int", word, RegType::Int),
            Shown::Float => ("out_float", word, RegType::Float),
            Shown::Char => ("out_char", word, RegType::Int),
            Shown::Bool => ("out_str", self.bool_text(word), STR),
            Shown::Str | Shown::Other => ("out_str", word, STR),
        };
        self.native(native, &[(stream, RegType::Int), (word, class)], &[]);
    }

    /// `assert`: shows both sides of a comparison that does not hold.
    pub(super) fn assert(&mut self, assert: &'p Assert) {
        let (good, bad) = (self.block(), self.block());
        self.condition(assert.condition, good, bad);
        self.start(bad);
        self.cold();
        let message = self.assert_message(assert);
        self.fail(message, TrapKind::Assertion);
        self.start(good);
    }

    /// What is said of an assertion that does not hold: its sides stand on lines of their own.
    fn assert_message(&mut self, assert: &'p Assert) -> Operand {
        let text = assert.message.map(|message| self.value(message).single());
        if text.is_none() && assert.sides.is_none() {
            return self.string("assertion failed");
        }
        let buffer = self.buffer();
        self.append_text(buffer, if text.is_some() { "assertion failed: " } else { "assertion failed" });
        if let Some(text) = text {
            self.append("buf_push_str", buffer, &[(text, STR)]);
        }
        let sides = assert.sides.map(|(left, right)| [("\nleft: ", left), ("\nright: ", right)]);
        for (name, side) in sides.into_iter().flatten() {
            self.append_text(buffer, name);
            let (ty, value) = (self.local_type(side), self.load_local(side));
            self.append_value(buffer, ty, value, true);
        }
        self.finish_text(buffer)
    }

    /// Appends the fields of a struct or variant as the call that makes it.
    pub(super) fn append_call(&mut self, buffer: Operand, name: &str, fields: &[(String, Ty, Value)]) {
        let mut text = format!("{name}(");
        for (index, (name, ty, value)) in fields.iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            if !name.is_empty() {
                text.push_str(name);
                text.push_str(": ");
            }
            self.append_text(buffer, &text);
            text.clear();
            self.append_value(buffer, *ty, *value, true);
        }
        text.push(')');
        self.append_text(buffer, &text);
    }
}

/// A format as the natives take it.
fn flags(spec: &FormatSpec) -> i64 {
    let align = match spec.align {
        None => 0,
        Some(Align::Left) => 1,
        Some(Align::Center) => 2,
        Some(Align::Right) => 3,
    };
    let kind = match spec.kind {
        None => 0,
        Some(FormatKind::LowerHex) => 1,
        Some(FormatKind::UpperHex) => 2,
        Some(FormatKind::Binary) => 3,
        Some(FormatKind::Octal) => 4,
        Some(FormatKind::Exponent) => 5,
    };
    let fill = spec.fill.map_or(0, |fill| i64::from(u32::from(fill)));
    fill | align << 21 | i64::from(spec.plus) << 23 | i64::from(spec.zero) << 24 | kind << 25
}
