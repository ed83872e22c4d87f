//! The tokens.

use crate::ast::Name;

/// Declares the tokens that are always spelled the same way.
macro_rules! tokens {
    (keywords { $($keyword:ident $word:literal,)* } others { $($other:ident $text:literal,)* }) => {
        /// What a token is. A small number beside it says which name or literal.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Token {
            $($keyword,)*
            $($other,)*
            /// A name that begins with a small letter or `_`.
            Ident(Name),
            /// A name that begins with a capital; `Self` too.
            TypeName(Name),
            /// A loop's label, before its colon and after `break` and `continue`.
            Label(Name),
            /// An integer, by its place in [`super::Lexed::ints`].
            Int(u32),
            /// A float, by its place in [`super::Lexed::floats`].
            Float(u32),
            Char(char),
            /// A string without interpolation: its value.
            Str(Name),
            /// A byte string, by its place in [`super::Lexed::bytes`].
            Bytes(u32),
            /// Text within a string with interpolation; it may be empty.
            StrText(Name),
            /// A format, by its place in [`super::Lexed::specs`].
            Spec(u32),
            /// The lines of a doc comment.
            Doc(Name),
        }

        /// The keywords, numbered as their names are.
        pub(super) const KEYWORDS: &[Token] = &[$(Token::$keyword,)*];

        #[cfg(test)]
        pub(super) const KEYWORD_TEXTS: &[&str] = &[$($word,)*];

        impl Token {
            /// A number for each kind, for sets of kinds; below 128.
            pub(crate) fn tag(self) -> u8 {
                #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "a list of the tokens' names")]
                enum Tag { $($keyword,)* $($other,)* Ident, TypeName, Label, Int, Float, Char, Str, Bytes, StrText, Spec, Doc }
                const _: () = assert!((Tag::Doc as u8) < 128);
                match self {
                    $(Token::$keyword => Tag::$keyword as u8,)*
                    $(Token::$other => Tag::$other as u8,)*
                    Token::Ident(_) => Tag::Ident as u8,
                    Token::TypeName(_) => Tag::TypeName as u8,
                    Token::Label(_) => Tag::Label as u8,
                    Token::Int(_) => Tag::Int as u8,
                    Token::Float(_) => Tag::Float as u8,
                    Token::Char(_) => Tag::Char as u8,
                    Token::Str(_) => Tag::Str as u8,
                    Token::Bytes(_) => Tag::Bytes as u8,
                    Token::StrText(_) => Tag::StrText as u8,
                    Token::Spec(_) => Tag::Spec as u8,
                    Token::Doc(_) => Tag::Doc as u8,
                }
            }

            /// How a message names a token with this tag.
            pub(crate) fn describe(tag: u8) -> &'static str {
                const TEXTS: &[&str] = &[
                    $(concat!("`", $word, "`"),)*
                    $($text,)*
                    "a name", "a name", "a label", "a number", "a number", "a character",
                    "a string", "a byte string", "a string's text", "a format", "a doc comment",
                ];
                TEXTS.get(usize::from(tag)).copied().unwrap_or("something")
            }
        }
    };
}

tokens! {
    keywords {
    And "and", Break "break", Const "const", Continue "continue", Defer "defer", Else "else", Enum "enum",
    Extern "extern", False "false", Fn "fn", For "for", If "if", Impl "impl", Import "import", In "in",
    Let "let", Loop "loop", Match "match", Not "not", Or "or", Pub "pub", Return "return", Struct "struct",
    Trait "trait", True "true", Type "type", Var "var", While "while", As "as",
    }
    others {
    // Words that are keywords in one place only.
    SelfValue "`self`", Test "`test`",
    // A line end or semicolon that ends a statement, and a semicolon within brackets.
    Newline "the end of the line", Semicolon "`;`",
    // Brackets; the angle ones enclose types, and the bars are those around a closure's parameters.
    LParen "`(`", RParen "`)`", LBracket "`[`", RBracket "`]`", LBrace "`{`", RBrace "`}`",
    LAngle "`<`", RAngle "`>`", LBar "`|`", RBar "`|`",
    // A string with interpolation: StrOpen, then StrText and (HoleOpen … HoleClose), then StrClose.
    StrOpen "a string", StrClose "the end of the string", HoleOpen "`${`", HoleClose "`}`",
    Dot "`.`", QuestionDot "`?.`", Question "`?`", Comma "`,`", Colon "`:`", At "`@`",
    Arrow "`->`", FatArrow "`=>`", DotDot "`..`", DotDotEq "`..=`", Ellipsis "`...`",
    Plus "`+`", Minus "`-`", Star "`*`", Slash "`/`", Percent "`%`", StarStar "`**`",
    PlusPercent "`+%`", MinusPercent "`-%`", StarPercent "`*%`",
    Amp "`&`", Caret "`^`", Bar "`|`", Tilde "`~`", Shl "`<<`", Shr "`>>`", ShrLogical "`>>>`",
    Coalesce "`??`",
    EqEq "`==`", NotEq "`!=`", Lt "`<`", Le "`<=`", Gt "`>`", Ge "`>=`",
    Eq "`=`",
    PlusEq "`+=`", MinusEq "`-=`", StarEq "`*=`", SlashEq "`/=`", PercentEq "`%=`", StarStarEq "`**=`",
    PlusPercentEq "`+%=`", MinusPercentEq "`-%=`", StarPercentEq "`*%=`",
    AmpEq "`&=`", BarEq "`|=`", CaretEq "`^=`", ShlEq "`<<=`", ShrEq "`>>=`", ShrLogicalEq "`>>>=`",
    // A character or word that was reported already.
    Invalid "this",
    }
}

impl Token {
    /// Whether an operand can end with it, so that a `-` or `|` after it is infix.
    pub(crate) fn ends_operand(self) -> bool {
        use Token::*;
        matches!(
            self,
            Ident(_)
                | TypeName(_)
                | Int(_)
                | Float(_)
                | Char(_)
                | Str(_)
                | Bytes(_)
                | StrClose
                | RParen
                | RBracket
                | RBrace
                | RAngle
                | Question
                | True
                | False
                | SelfValue
                | Invalid
        )
    }

    /// Whether a line end after it can end a statement.
    pub(crate) fn ends_statement(self) -> bool {
        use Token::*;
        self.ends_operand()
            || matches!(self, Label(_) | Break | Continue | Return | DotDot | RBar | Semicolon | HoleClose)
    }

    /// Whether a line that begins with it goes on with the statement before.
    pub(crate) fn continues_statement(self) -> bool {
        use Token::*;
        matches!(self, Dot | QuestionDot | And | Or | Coalesce | Else) || self.is_closer()
    }

    /// Whether it closes brackets of the reader's kind.
    pub(crate) fn is_closer(self) -> bool {
        matches!(self, Token::RParen | Token::RBracket | Token::RBrace)
    }

    /// The closing token of an opening one.
    pub(crate) fn closer(self) -> Option<Token> {
        match self {
            Token::LParen => Some(Token::RParen),
            Token::LBracket => Some(Token::RBracket),
            Token::LBrace => Some(Token::RBrace),
            Token::HoleOpen => Some(Token::HoleClose),
            Token::StrOpen => Some(Token::StrClose),
            Token::LAngle => Some(Token::RAngle),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::Names;

    #[test]
    fn keywords_have_the_numbers_of_their_names() {
        let names = Names::new();
        let found: Vec<_> = (0..KEYWORD_TEXTS.len()).map(|i| names.known_text(i)).collect();
        assert_eq!(found, KEYWORD_TEXTS);
    }
}
