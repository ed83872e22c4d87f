; Objects, arrays, strings, calls with several results: something of everything.
.entry @0
type #0 = str
type #1 = array i64
type #2 = struct "Point" { "x": f64, var "n": i64, var "next": ref? Point#2 }
type #3 = array u8
type #4 = array ref Point#2
native !0 = "out_int" (int, int) -> ()
native !1 = "out_char" (int, int) -> ()
native !2 = "out_str" (int, ref str#0) -> ()
native !3 = "str_concat" (ref str#0, ref str#0) -> (ref str#0)
global $0 = "total": int
global $1 = "name": ref str#0

fn @0 = "main" () -> ()
    r0: int
    r1: ref #1
    r2: ref #2
    r3: ref? #2
    r4: int
    r5: ref #0
    r6: float
    r7: ref #4
    const a0, 3
    const a1, 5
    afilled r1, #1
    apush r1, r0
L0:
    aget r4, r1, r0
    iadd r4, r4, r0
    aset r1, r0, r4
    iaddi r0, r0, 1
    jlti r0, 4, L0
    fconst a0, 1.5
    const a1, 7
    null a2
    new r2, #2
    mov r3, r2
    fset r2, r3, 2
    fget r3, r2, 2
    jnull r3, L1
    fget r6, r2, 0
    fadd r6, r6, r6
    ftoi r4, r6
    gset r4, $0
L1:
    mov a0, r2
    mov a1, r2
    alit r7, 2, #4
    alen r4, r7
    sconst r5, "some text of more than thirty-two bytes, so that it is long"
    gset r5, $1
    gget a0, $1
    sconst a1, "!"
    native !3
    mov r5, a0
    const a0, 1
    mov a1, r5
    native !2
    mov a0, r1
    mov a1, r4
    call @1
    mov r4, a1
    const a0, 1
    mov a1, r4
    native !0
    const a0, 1
    const a1, 10
    native !1
    ret
end

fn @1 = "sum" (ref #1, int) -> (int, int)
    r2: int
    r3: int
    alen r3, r0
    jle r3, r2, L1
L0:
    aget a0, r0, r2
    iadd r1, r1, a0
    iaddi r2, r2, 1
    jlt r2, r3, L0
L1:
    mov a0, r2
    mov a1, r1
    retn 2
end
