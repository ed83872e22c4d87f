; Sums 0..10 and prints it: what compiled code looks like, by hand.
.entry @0
type #0 = str
native !0 = "out_int" (int, int) -> ()
native !1 = "out_char" (int, int) -> ()

fn @0 = "main" () -> ()
    r0: int
    r1: int
L0:
    iadd r1, r1, r0
    iaddi r0, r0, 1
    jlti r0, 10, L0
    const a0, 1
    mov a1, r1
    native !0
    const a0, 1
    const a1, 10
    native !1
    ret
end
