.name "globals"
.entry _entry_@0
.source "<std>/prelude/array.lang" standard
.source "<std>/prelude/core.lang" standard
.source "<std>/prelude/foreign.lang" standard
.source "<std>/prelude/iterator.lang" standard
.source "<std>/prelude/map.lang" standard
.source "<std>/prelude/number.lang" standard
.source "<std>/prelude/option.lang" standard
.source "<std>/prelude/text.lang" standard
.source "globals.lang"
type #0 = str
type #1 = array u8
global $0 = "count": int
native !0 = "buf_push_int" (ref array#1, int) -> ()
native !1 = "buf_push_str" (ref array#1, ref str#0) -> ()
native !2 = "out_bytes" (int, ref array#1) -> ()

fn @0 = "<entry>" () -> (int)
    r0: int
    r1: ref array#1
    scope "<top level>" @0/0:0+0^0
    scope "main" @8/9:4+4^0
    scope "divide" @8/10:28+13^2
    const r0, 0
    ; globals.lang:2: var count = 0
    gset r0, count$0                        @8/2:5+5^1
    ; globals.lang:5: count += 1
    gget r0, count$0                        @5:5+5^3
    iaddi r0, r0, 1                         @5:5+10
    gset r0, count$0
    const r0, 32
    ; globals.lang:11: print("${quotient} rest ${rest}, after ${count}")
    anew r1, r0, array#1                    @11:5+49^2
    mov a0, r1
    const a1, 3
    native buf_push_int!0
    mov a0, r1
    sconst a1, " rest "
    native buf_push_str!1
    mov a0, r1
    const a1, 2
    native buf_push_int!0
    mov a0, r1
    sconst a1, ", after "
    native buf_push_str!1
    gget a1, count$0                        @11:46+5
    mov a0, r1                              @11:5+49
    native buf_push_int!0
    mov a0, r1
    sconst a1, "\n"
    native buf_push_str!1
    const a0, 1
    mov a1, r1
    native out_bytes!2
    ; globals.lang:9: fn main() {
    const a0, 0                             @9:4+4^0
    ret1 a0
end

.text 8 "// A global, strings, two results that travel in registers.\n"
.text 8 "var count = 0\n"
.text 8 "\n"
.text 8 "fn divide(a: int, b: int) -> (int, int) {\n"
.text 8 "    count += 1\n"
.text 8 "    return (a / b, a % b)\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "fn main() {\n"
.text 8 "    let (quotient, rest) = divide(17, 5)\n"
.text 8 "    print(\"${quotient} rest ${rest}, after ${count}\")\n"
.text 8 "}\n"
