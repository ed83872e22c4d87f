//! E09xx: limits, and what is not there yet.

super::codes! { LIMITS:
    E0901 NOT_SUPPORTED "something that this compiler cannot do yet"
    "The program is right, but this version of the compiler does not support it. The message names what it is."
    wrong "" right "";

    E0902 LIMIT "a limit of the bytecode"
    "A function, type or program is larger than the bytecode format can express. The message names the limit; splitting the function helps."
    wrong "" right "";

    E0903 INTERNAL "a fault of the compiler"
    "The compiler found itself in a state that should not be. Please report the program that caused it."
    wrong "" right "";
}
