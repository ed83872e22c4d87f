; An entry without parameters: its first register is no place for arguments.
.entry @0
type #0 = str
type #1 = struct "Point" { "x": f64 }
fn @0 = "main" () -> ()
    r0: ref? #1
    r1: ref? #0
    ret
end
