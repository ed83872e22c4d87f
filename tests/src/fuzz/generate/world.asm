; What generated functions have to play with: a type of each kind, and functions whose bodies are filled in.
.name "generated"
.entry main@0
type #0 = str
type #1 = array u8
type #2 = array i64
type #3 = array f64
type #4 = array f32
type #5 = array ref str#0
type #6 = array ref? Node#9
type #7 = array u32
type #8 = struct "Mixed" { var "a": i8, var "b": f32, var "c": u16, var "d": i64, var "e": f64, var "f": u32, var "g": ref str#0 }
type #9 = struct "Node" { var "next": ref? Node#9, var "shape": ref Shape#10, "value": i64 }
type #10 = enum "Shape" { Circle#11, Empty#12, Pair#13 }
type #11 = variant "Circle" of Shape#10 { "radius": f64, "name": ref str#0 }
type #12 = variant "Empty" of Shape#10 {}
type #13 = variant "Pair" of Shape#10 { var "left": ref Shape#10, var "right": ref? Shape#10 }
type #14 = fn (int) -> (int)
type #15 = closure of #14 code adder@1 { var "n": i64, "text": ref str#0 }
type #16 = closure of #14 code plain@2 {}
type #17 = trait "Show" { (ref Show#17, int) -> (ref str#0, int) }
  for Mixed#8 { show_mixed@3 }
  for Shape#10 { show_shape@4 }
  for #14 { show_function@5 }
  for str#0 { show_text@6 }
  for #2 { show_array@7 }
type #18 = array ref Shape#10
type #19 = array ref Show#17
type #20 = array i16
type #21 = fn (ref? Node#9, float) -> (ref str#0, int)
type #22 = closure of #21 code knot@8 { var "self": ref? #21 }
constant 0
constant 0x3ff8000000000000
constant 0x7ff8000000000000
constant 0x8000000000000000
constant 0x7e37e43c8800759c
constant 0xffffffffffffffff
string ""
string "a"
string "hello, wörld"
string "a string that is longer than those which a slice copies, so that slices share it"
string "12"
string "日本語"
global $0 = "count": int
global $1 = "share": float
global $2 = "text": ref str#0
global $3 = "node": ref? Node#9
global $4 = "shape": ref Shape#10
global $5 = "numbers": ref #2
global $6 = "shown": ref Show#17
method ^0 = Show#17 0

fn @0 = "main" () -> (int)
end
fn @1 = "adder" (ref #15, int) -> (int)
end
fn @2 = "plain" (ref #16, int) -> (int)
end
fn @3 = "show_mixed" (ref Mixed#8, int) -> (ref str#0, int)
end
fn @4 = "show_shape" (ref Shape#10, int) -> (ref str#0, int)
end
fn @5 = "show_function" (ref #14, int) -> (ref str#0, int)
end
fn @6 = "show_text" (ref str#0, int) -> (ref str#0, int)
end
fn @7 = "show_array" (ref #2, int) -> (ref str#0, int)
end
fn @8 = "knot" (ref #22, ref? Node#9, float) -> (ref str#0, int)
end
fn @9 = "several" (ref Node#9, int, float) -> (ref? Node#9, int, ref Shape#10, float)
end
fn @10 = "nothing" (int, ref Show#17, ref? str#0) -> ()
end
fn @11 = "shows" (float, float, ref #5) -> (ref #19)
end
