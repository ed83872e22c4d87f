.name "arithmetic"
.entry _entry_@0
.source "<std>/prelude/array.lang" standard
.source "<std>/prelude/core.lang" standard
.source "<std>/prelude/foreign.lang" standard
.source "<std>/prelude/iterator.lang" standard
.source "<std>/prelude/map.lang" standard
.source "<std>/prelude/number.lang" standard
.source "<std>/prelude/option.lang" standard
.source "<std>/prelude/text.lang" standard
.source "arithmetic.lang"
type #0 = str
type #1 = array f64
native !0 = "out_int" (int, int) -> ()
native !1 = "out_str" (int, ref str#0) -> ()
native !2 = "out_float" (int, float) -> ()

fn @0 = "<entry>" () -> (int)
    ; arithmetic.lang:17: fn main() {
    call main@1                             @8/17:4+4
    const a0, 0
    ret1 a0
end

fn @1 = "main" () -> ()
    r0: ref array#1
    scope "weigh" @8/18:11+11^0
    scope "weigh" @8/18:25+11^0
    ; arithmetic.lang:18: print(weigh(2, 9) + weigh(9, 2))
    const a0, 1                             @8/18:5+32
    const a1, 16
    native out_int!0
    const a0, 1
    sconst a1, "\n"
    native out_str!1
    ; arithmetic.lang:19: print(mean([1.0, 2.5]))
    fconst a0, 1.0                          @19:16+10
    fconst a1, 2.5
    alit r0, 2, array#1
    mov a0, r0                              @19:11+16
    call mean@2
    mov a1, a0                              @19:5+23
    const a0, 1
    native out_float!2
    const a0, 1
    sconst a1, "\n"
    native out_str!1
    ; arithmetic.lang:17: fn main() {
    ret                                     @17:4+4
end

fn @2 = "mean" (ref array#1) -> (float)
    r1: float
    r2..r3: int
    r4: float
    scope "[T].len" @8/14:24+12^0
    fconst r1, 0.0
    const r2, 0
    alen r3, r0
    ; arithmetic.lang:11: for value in values {
    jlei r3, 0, L1                          @8/11:5+21
L0:
    aget r4, r0, r2
    fadd r1, r1, r4
    iaddi r2, r2, 1
    alen r3, r0
    jlt r2, r3, L0
L1:
    alen r3, r0
    itof r4, r3
    fdiv r4, r1, r4
    ; arithmetic.lang:14: return sum / float(values.len())
    ret1 r4                                 @14:5+32
end

.text 8 "// Immediate operands, compares joined with jumps, a call in a chain of operations.\n"
.text 8 "fn weigh(a: int, b: int) -> int {\n"
.text 8 "    if a < b {\n"
.text 8 "        return a * 3 - 1\n"
.text 8 "    }\n"
.text 8 "    return (a ^ b) & 255\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "fn mean(values: [float]) -> float {\n"
.text 8 "    var sum = 0.0\n"
.text 8 "    for value in values {\n"
.text 8 "        sum += value\n"
.text 8 "    }\n"
.text 8 "    return sum / float(values.len())\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "fn main() {\n"
.text 8 "    print(weigh(2, 9) + weigh(9, 2))\n"
.text 8 "    print(mean([1.0, 2.5]))\n"
.text 8 "}\n"
