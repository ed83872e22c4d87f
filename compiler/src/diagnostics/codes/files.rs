//! E00xx: source files.

super::codes! { FILES:
    E0001 UNREADABLE_FILE "a source file that cannot be read"
    "The file is not there, is a folder, or may not be read. The message ends with what the operating system said."
    wrong "" right "";

    E0002 NOT_UTF8 "a source file that is not UTF-8"
    "Source text is UTF-8. The place is the first byte that cannot be decoded; save the file as UTF-8 in your editor. Bytes that are no text can be written in a `b\"\\xff\"` literal."
    wrong "" right "";

    E0003 SOURCE_TOO_LARGE "more source text than the compiler can number"
    "The files of one program may hold 2 GiB together. Data of that size belongs in a file that the program reads."
    wrong "" right "";
}
