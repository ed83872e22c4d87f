; Ends with a status, from an entry that gives nothing.
.entry @0
type #0 = str
native !0 = "out_int" (int, int) -> ()
fn @0 = "main" () -> ()
    r0: int
    const a0, 1
    const a1, 7
    native !0
    halt r0
end
