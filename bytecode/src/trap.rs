//! What can go wrong at run time.

macro_rules! define_traps {
    ($($name:ident $word:literal $headline:literal;)*) => {
        /// The kind of a runtime error.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum TrapKind {
            $(#[doc = $headline] $name,)*
        }

        impl TrapKind {
            /// Every kind, by its number.
            pub const ALL: &'static [TrapKind] = &[$(TrapKind::$name),*];

            /// The kind as the assembler writes it.
            pub fn word(self) -> &'static str {
                match self { $(TrapKind::$name => $word,)* }
            }

            /// What is said where no value tells more.
            pub fn headline(self) -> &'static str {
                match self { $(TrapKind::$name => $headline,)* }
            }
        }
    };
}

define_traps! {
    Overflow "overflow" "integer overflow";
    DivisionByZero "division" "division by zero";
    Index "index" "index out of bounds";
    Key "key" "key not found";
    Slice "slice" "slice out of bounds";
    Conversion "conversion" "value does not fit";
    Unwrap "unwrap" "no value to unwrap";
    Assertion "assertion" "assertion failed";
    Panic "panic" "panic";
    Exponent "exponent" "negative exponent";
    Uninitialized "uninitialized" "global read before it is set";
    NullReference "null" "null where a value is needed";
    Unreachable "unreachable" "unreachable code was reached";
    StackOverflow "stack" "stack overflow";
    OutOfMemory "memory" "out of memory";
    OutOfFuel "fuel" "out of fuel";
    Interrupted "interrupted" "interrupted";
    Sandbox "sandbox" "not allowed in the sandbox";
    CLoad "c-load" "C function could not be loaded";
    Argument "argument" "argument out of range";
}
