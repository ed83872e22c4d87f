; What stood in an out slot before a call is gone behind it.
.entry @0
type #0 = str
fn @0 = "main" () -> ()
    r0: int
    const a0, 1
    const a1, 2
    call @1
    iadd r0, a0, a1
    ret
end
fn @1 = "one" (int) -> (int)
    ret1 r0
end
