.name "objects"
.entry _entry_@0
.source "<std>/prelude/array.lang" standard
.source "<std>/prelude/core.lang" standard
.source "<std>/prelude/foreign.lang" standard
.source "<std>/prelude/iterator.lang" standard
.source "<std>/prelude/map.lang" standard
.source "<std>/prelude/number.lang" standard
.source "<std>/prelude/option.lang" standard
.source "<std>/prelude/text.lang" standard
.source "objects.lang"
type #0 = str
type #1 = array ref Area#3
type #2 = struct "Square" { "0": f64 }
type #3 = trait "Area" { (ref Area#3) -> (float) }
  for Square#2 { Square.area@2 }
type #4 = enum "Shape" { Point#5, Line#6 }
type #5 = variant "Point" of Shape#4 {}
type #6 = variant "Line" of Shape#4 { "": f64, "": f64 }
type #7 = fn (int) -> (int)
type #8 = closure of fn#7 code main.closure@3 { "offset": i64 }
native !0 = "out_float" (int, float) -> ()
native !1 = "out_str" (int, ref str#0) -> ()
native !2 = "out_int" (int, int) -> ()
method ^0 = Area#3 0

fn @0 = "<entry>" () -> (int)
    ; objects.lang:32: fn main() {
    call main@1                             @8/32:4+4
    const a0, 0
    ret1 a0
end

fn @1 = "main" () -> ()
    r0: ref array#1
    r1: int
    r2: ref Shape#4
    r3..r4: float
    r5: ref Square#2
    r6: int
    r7: ref Line#6
    r8..r9: float
    r10: ref Point#5
    r11: ref closure#8
    scope "length" @8/37:11+28^0
    scope "length" @8/37:42+19^0
    ; objects.lang:33: let shapes: [Area] = [Square(side: 2.0)]
    fconst a0, 2.0                          @8/33:27+17
    new r5, Square#2
    mov a0, r5                              @33:26+19
    alit r0, 1, array#1
    const r1, 0
    alen r6, r0
    ; objects.lang:34: for shape in shapes {
    jlei r6, 0, L1                          @34:5+21
L0:
    aget a0, r0, r1
    ; objects.lang:35: print(shape.area())
    callv Area^0                            @35:15+12
    mov a1, a0                              @35:9+19
    const a0, 1
    native out_float!0
    const a0, 1
    sconst a1, "\n"
    native out_str!1
    ; objects.lang:34: for shape in shapes {
    iaddi r1, r1, 1                         @34:5+21
    alen r6, r0
    jlt r1, r6, L0
L1:
    ; objects.lang:37: print(length(Shape.Line(1.0, 4.0)) + length(Shape.Point))
    fconst a0, 1.0                          @37:18+20
    fconst a1, 4.0
    new r2, Line#6
    tag r6, r2
    ; objects.lang:22: return match shape {
    jtrue r6, L2                            @22:12+13^1
    fconst r3, 0.0
    jmp L3                                  @22:5+20
L2:
    cast r7, r2, Line#6                     @22:12+13
    fget r8, r7, .0
    fget r9, r7, .1
    fsub r3, r9, r8
L3:
    static r10, Point#5                     @22:5+20
    tag r6, r10
    jtrue r6, L4                            @22:12+13^2
    fconst r4, 0.0
    jmp L5                                  @22:5+20
L4:
    static r10, Point#5
    cast r7, r10, Line#6                    @22:12+13
    fget r8, r7, .0
    fget r9, r7, .1
    fsub r4, r9, r8
L5:
    fadd a1, r3, r4                         @22:5+20
    ; objects.lang:37: print(length(Shape.Line(1.0, 4.0)) + length(Shape.Point))
    const a0, 1                             @37:5+57^0
    native out_float!0
    const a0, 1
    sconst a1, "\n"
    native out_str!1
    ; objects.lang:39: print(apply(|x| x + offset, 2))
    const a0, 5                             @39:17+14
    new r11, closure#8
    mov a0, r11                             @39:11+24
    const a1, 2
    call apply@4
    mov a1, a0                              @39:5+31
    const a0, 1
    native out_int!2
    const a0, 1
    sconst a1, "\n"
    native out_str!1
    ; objects.lang:32: fn main() {
    ret                                     @32:4+4
end

fn @2 = "Square.area" (ref Square#2) -> (float)
    r1: float
    scope "Square.area" @0/0:0+0^0
    fget r1, r0, 0.0
    fmul r1, r1, r1
    ret1 r1
end

fn @3 = "main.closure" (ref closure#8, int) -> (int)
    r2: int
    fget r2, r0, offset.0
    ; objects.lang:39: print(apply(|x| x + offset, 2))
    iadd r2, r1, r2                         @8/39:21+10
    ret1 r2
end

fn @4 = "apply" (ref fn#7, int) -> (int)
    ; objects.lang:29: return f(value)
    mov a1, r1                              @8/29:12+8
    callc r0
    ret1 a0                                 @29:5+15
end

.text 8 "// Structs, fields, an enum with payloads, a trait's method, a closure.\n"
.text 8 "trait Area {\n"
.text 8 "    fn area(self) -> float\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "struct Square {\n"
.text 8 "    side: float\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "impl Area for Square {\n"
.text 8 "    fn area(self) -> float {\n"
.text 8 "        return self.side * self.side\n"
.text 8 "    }\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "enum Shape {\n"
.text 8 "    Point,\n"
.text 8 "    Line(float, float),\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "fn length(shape: Shape) -> float {\n"
.text 8 "    return match shape {\n"
.text 8 "        Shape.Point => 0.0,\n"
.text 8 "        Shape.Line(from, to) => to - from,\n"
.text 8 "    }\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "fn apply(f: fn(int) -> int, value: int) -> int {\n"
.text 8 "    return f(value)\n"
.text 8 "}\n"
.text 8 "\n"
.text 8 "fn main() {\n"
.text 8 "    let shapes: [Area] = [Square(side: 2.0)]\n"
.text 8 "    for shape in shapes {\n"
.text 8 "        print(shape.area())\n"
.text 8 "    }\n"
.text 8 "    print(length(Shape.Line(1.0, 4.0)) + length(Shape.Point))\n"
.text 8 "    let offset = 5\n"
.text 8 "    print(apply(|x| x + offset, 2))\n"
.text 8 "}\n"
