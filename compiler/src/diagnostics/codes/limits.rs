//! E09xx: limits, faults, and bytecode.

super::codes! { LIMITS:
    E0902 LIMIT "a limit of the bytecode"
    "A function, type or program is larger than the bytecode format can express. The message names the limit; splitting the function helps."
    wrong "" right "";

    E0903 INTERNAL "a fault of the compiler"
    "The compiler found itself in a state that should not be. Please report the program that caused it."
    wrong "" right "";

    E0904 ASSEMBLY "a wrong line of assembly"
    "A line of a `.lasm` file cannot be read. `docs/bytecode.md` describes the text form; `langc --emit=asm` shows how a program looks in it."
    wrong "" right "";

    E0905 BAD_BYTECODE "bytecode that cannot be used"
    "The file is damaged, is of a newer version, or does what the verifier does not allow. For assembly the message names the function, the word of its code and the register."
    wrong "" right "";
}
