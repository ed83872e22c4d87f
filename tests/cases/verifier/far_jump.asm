; A jump to behind the function.
.entry @0
type #0 = str
fn @0 = "main" () -> ()
    r0: int
    jmp +90
    ret
end
