.name "control"
.entry _entry_@0
.source "<std>/prelude/array.lang" standard
.source "<std>/prelude/core.lang" standard
.source "<std>/prelude/foreign.lang" standard
.source "<std>/prelude/iterator.lang" standard
.source "<std>/prelude/map.lang" standard
.source "<std>/prelude/number.lang" standard
.source "<std>/prelude/option.lang" standard
.source "<std>/prelude/text.lang" standard
.source "control.lang"
type #0 = str
native !0 = "out_str" (int, ref str#0) -> ()
native !1 = "out_int" (int, int) -> ()

fn @0 = "<entry>" () -> (int)
    ; control.lang:17: fn main() {
    call main@1                             @8/17:4+4
    const a0, 0
    ret1 a0
end

fn @1 = "main" () -> ()
    r0..r3: int
    const r0, 0
    const r1, 0
L0:
    ; control.lang:19: outer: for i in 0..10 {
    const r2, 0                             @8/19:5+23
L1:
    ; control.lang:21: if i * j == 42 {
    imul r3, r1, r2                         @21:16+5
    jnei r3, 42, L2                         @21:16+11
    mov r0, r1
    ; control.lang:23: break outer
    jmp L3                                  @23:17+11
L2:
    ; control.lang:20: for j in 0..10 {
    iaddi r2, r2, 1                         @20:9+16
    jlti r2, 10, L1
    ; control.lang:19: outer: for i in 0..10 {
    iaddi r1, r1, 1                         @19:5+23
    jlti r1, 10, L0
L3:
    ; control.lang:27: print(name(found))
    mov a0, r0                              @27:11+11
    call name@2
    mov a1, a0                              @27:5+18
    const a0, 1
    native out_str!0
    const a0, 1
    sconst a1, "\n"
    native out_str!0
    ; control.lang:28: print(fib(10))
    const a0, 10                            @28:11+7
    call fib@3
    mov a1, a0                              @28:5+14
    const a0, 1
    native out_int!1
    const a0, 1
    sconst a1, "\n"
    native out_str!0
    ; control.lang:17: fn main() {
    ret                                     @17:4+4
end

fn @2 = "name" (int) -> (ref str#0)
    ; control.lang:3: return match day {
    switch r0, L0, L1, L2, L3, L4           @8/3:12+11
    jmp L5
L0:
    sconst a0, "none"                       @3:5+18
    ret1 a0
L1:
    sconst a0, "one"
    ret1 a0
L2:
    sconst a0, "two"
    ret1 a0
L3:
    sconst a0, "three"
    ret1 a0
L4:
    sconst a0, "four"
    ret1 a0
L5:
    sconst a0, "many"
    ret1 a0
end

fn @3 = "fib" (int) -> (int)
    r1: int
    ; control.lang:14: return if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    jgei r0, 2, L0                          @8/14:15+5
    ret1 r0                                 @14:5+54
L0:
    iaddi a0, r0, -1                        @14:38+5
    call fib@3                              @14:34+10
    mov r1, a0
    iaddi a0, r0, -2                        @14:51+5
    call fib@3                              @14:47+10
    iadd r1, r1, a0                         @14:34+23
    ret1 r1                                 @14:5+54
end

.text 8 "// A jump table, a loop with a label, a recursive call.\n"
.text 8 "fn name(day: int) -> str {\n"
.text 8 "    return match day {\n"
.text 8 "        0 => \"none\",\n"
.text 8 "        1 => \"one\",\n"
.text 8 "        2 => \"two\",\n"
.text 8 "        3 => \"three\",\n"
.text 8 "        4 => \"four\",\n"
.text 8 "        _ => \"many\",\n"
.text 8 "    }\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "fn fib(n: int) -> int {\n"
.text 8 "    return if n < 2 { n } else { fib(n - 1) + fib(n - 2) }\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "fn main() {\n"
.text 8 "    var found = 0\n"
.text 8 "    outer: for i in 0..10 {\n"
.text 8 "        for j in 0..10 {\n"
.text 8 "            if i * j == 42 {\n"
.text 8 "                found = i\n"
.text 8 "                break outer\n"
.text 8 "            }\n"
.text 8 "        }\n"
.text 8 "    }\n"
.text 8 "    print(name(found))\n"
.text 8 "    print(fib(10))\n"
.text 8 "}\n"
