.entry @0
type #0 = str
fn @0 = "main" () -> ()
    r0: int
    call @1
    ret
end
fn @1 = "one" (int) -> (int)
    ret1 r0
end
