//! The opcode table: every instruction of the machine, declared once.
//!
//! A row reads
//!
//! ```text
//! Name "mnemonic" FORMAT (operand: Type role class, …) [effects] "meaning";
//! ```
//!
//! - `FORMAT` says where in the eight bytes `{op: u8, x: u8, a: u16, b: u16, c: u16}` the operands lie, in order:
//!   `N` none; `A` a; `X` x; `AB`; `ABC`; `AX` a, x; `ABX` a, b, x; `K` bc; `AK` a, bc; `ABI` a, b, c (signed);
//!   `ABW` a, b, cx (24 bits); `AIJ` a, b (signed), cx (signed 24 bits).  `bc` is 32 bits with `b` the low half,
//!   `cx` 24 bits with `c` the low half. The word is little-endian: `op` is its lowest byte. Bits that no operand has are zero.
//! - A register operand has a role, `def` or `use`, and a class: `int`, `float`, `str`, `null` or `any`; the verifier
//!   checks the first three from the table alone, and has a rule of its own for rows with an `any` or a `null`.
//! - Other operands: `imm` (a number; class `divisor`: not 0 and not -1), `jump` (a distance in words from this instruction),
//!   `index` (into the module's table of that class).
//! - Effects: `traps` (may end in a runtime error), `safepoint` (may run the collector or other code: out slots do not survive
//!   it), `call` (a safepoint that leaves its results in the out slots), `args` (reads its operands beyond the table's from the
//!   out slots, by the type or function it names), `jumps` (may continue at its target), `ends` (never continues at
//!   the next instruction).
//!
//! An operand number below the function's register count is a register; one at or above it is the out slot of
//! the number less the count.

/// Hands the whole table to a macro, so that the enum, encoder, decoder, assembler, disassembler, verifier and both engines
/// are made from the same rows.
#[macro_export]
macro_rules! for_each_op {
    ($visit:ident) => {
        $visit! {
            // Constants and moves.
            Nop "nop" N () [] "does nothing";
            IConst "const" AK (dst: Reg def int, value: i32 imm int) [] "dst = value";
            IConst64 "const64" AK (dst: Reg def int, value: u32 index constant) [] "dst = the 64-bit constant";
            FConst "fconst" AK (dst: Reg def float, value: u32 index constant) [] "dst = the 64-bit constant, as a float";
            StrConst "sconst" AK (dst: Reg def str, value: u32 index string) [] "dst = the string constant";
            Null "null" A (dst: Reg def null) [] "dst = the null reference";
            Static "static" AK (dst: Reg def any, of: u32 index type) [] "dst = the one object of a type without fields";
            Mov "mov" AB (dst: Reg def any, src: Reg use any) [] "dst = src";

            // Integers. Those that trap do so on overflow; those with a `w` wrap.
            IAdd "iadd" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [traps] "dst = lhs + rhs";
            ISub "isub" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [traps] "dst = lhs - rhs";
            IMul "imul" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [traps] "dst = lhs * rhs";
            IDiv "idiv" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [traps] "dst = lhs / rhs, toward zero; traps on a zero divisor and on MIN / -1";
            IRem "irem" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [traps] "dst = lhs % rhs, with the sign of lhs; traps on a zero divisor and on MIN % -1";
            IPow "ipow" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [traps] "dst = lhs ** rhs; traps on overflow and on a negative exponent";
            IAddW "iaddw" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs + rhs, wrapping";
            ISubW "isubw" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs - rhs, wrapping";
            IMulW "imulw" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs * rhs, wrapping";
            IAddI "iaddi" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [traps] "dst = lhs + rhs";
            IRSubI "irsubi" ABI (dst: Reg def int, rhs: Reg use int, lhs: i16 imm int) [traps] "dst = lhs - rhs (the immediate is the left side)";
            IMulI "imuli" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [traps] "dst = lhs * rhs";
            IDivI "idivi" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm divisor) [] "dst = lhs / rhs; rhs is not 0 and not -1";
            IRemI "iremi" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm divisor) [] "dst = lhs % rhs; rhs is not 0 and not -1";
            INeg "ineg" AB (dst: Reg def int, src: Reg use int) [traps] "dst = -src";
            IAbs "iabs" AB (dst: Reg def int, src: Reg use int) [traps] "dst = |src|";
            IMin "imin" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = the smaller";
            IMax "imax" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = the larger";
            Not "not" AB (dst: Reg def int, src: Reg use int) [] "dst = src ^ 1: the other truth value";
            BAnd "and" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs & rhs";
            BOr "or" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs | rhs";
            BXor "xor" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs ^ rhs";
            BNot "bnot" AB (dst: Reg def int, src: Reg use int) [] "dst = ~src";
            Shl "shl" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs << (rhs mod 64)";
            Shr "shr" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs >> (rhs mod 64), keeping the sign";
            UShr "ushr" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs >>> (rhs mod 64), filling with zeros";
            Rotl "rotl" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs rotated left by rhs mod 64";
            Rotr "rotr" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs rotated right by rhs mod 64";
            BAndI "andi" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs & rhs";
            BOrI "ori" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs | rhs";
            BXorI "xori" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs ^ rhs";
            ShlI "shli" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs << (rhs mod 64)";
            ShrI "shri" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs >> (rhs mod 64)";
            UShrI "ushri" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs >>> (rhs mod 64)";
            Popcnt "popcnt" AB (dst: Reg def int, src: Reg use int) [] "dst = how many bits of src are one";
            Clz "clz" AB (dst: Reg def int, src: Reg use int) [] "dst = leading zeros of src, 64 for zero";
            Ctz "ctz" AB (dst: Reg def int, src: Reg use int) [] "dst = trailing zeros of src, 64 for zero";

            // Floats: IEEE-754 doubles, nothing traps.
            FAdd "fadd" ABC (dst: Reg def float, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs + rhs";
            FSub "fsub" ABC (dst: Reg def float, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs - rhs";
            FMul "fmul" ABC (dst: Reg def float, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs * rhs";
            FDiv "fdiv" ABC (dst: Reg def float, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs / rhs";
            FRem "frem" ABC (dst: Reg def float, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs % rhs, with the sign of lhs (C's fmod)";
            FNeg "fneg" AB (dst: Reg def float, src: Reg use float) [] "dst = -src";
            FAbs "fabs" AB (dst: Reg def float, src: Reg use float) [] "dst = |src|";
            FSqrt "fsqrt" AB (dst: Reg def float, src: Reg use float) [] "dst = the square root of src";
            FFloor "ffloor" AB (dst: Reg def float, src: Reg use float) [] "dst = src rounded down";
            FCeil "fceil" AB (dst: Reg def float, src: Reg use float) [] "dst = src rounded up";
            FTrunc "ftrunc" AB (dst: Reg def float, src: Reg use float) [] "dst = src rounded toward zero";
            FRound "fround" AB (dst: Reg def float, src: Reg use float) [] "dst = src rounded to the nearest whole number, halves away from zero";

            // Conversions.
            IToF "itof" AB (dst: Reg def float, src: Reg use int) [] "dst = src as a float, rounded to nearest";
            FToI "ftoi" AB (dst: Reg def int, src: Reg use float) [traps] "dst = src truncated; traps where that is no int";
            FToF32 "ftof32" AB (dst: Reg def float, src: Reg use float) [] "dst = src rounded to the nearest f32";
            Narrow "narrow" ABX (dst: Reg def int, src: Reg use int, to: Width imm width) [traps] "dst = src; traps where it does not fit the width";
            Wrap "wrap" ABX (dst: Reg def int, src: Reg use int, to: Width imm width) [] "dst = the low bits of src, extended by the width's sign";
            ToChar "tochar" AB (dst: Reg def int, src: Reg use int) [traps] "dst = src; traps where it is no Unicode scalar value";
            FBits "fbits" AB (dst: Reg def int, src: Reg use float) [] "dst = the bits of src";
            FFromBits "ffrombits" AB (dst: Reg def float, src: Reg use int) [] "dst = the float of these bits";

            // Comparisons into a register: 1 where they hold, 0 where not.
            IEq "ieq" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs == rhs";
            INe "ine" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs != rhs";
            ILt "ilt" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs < rhs";
            ILe "ile" ABC (dst: Reg def int, lhs: Reg use int, rhs: Reg use int) [] "dst = lhs <= rhs";
            IEqI "ieqi" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs == rhs";
            INeI "inei" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs != rhs";
            ILtI "ilti" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs < rhs";
            ILeI "ilei" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs <= rhs";
            IGtI "igti" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs > rhs";
            IGeI "igei" ABI (dst: Reg def int, lhs: Reg use int, rhs: i16 imm int) [] "dst = lhs >= rhs";
            FEq "feq" ABC (dst: Reg def int, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs == rhs";
            FNe "fne" ABC (dst: Reg def int, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs != rhs";
            FLt "flt" ABC (dst: Reg def int, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs < rhs";
            FLe "fle" ABC (dst: Reg def int, lhs: Reg use float, rhs: Reg use float) [] "dst = lhs <= rhs";
            FCmp "fcmp" ABC (dst: Reg def int, lhs: Reg use float, rhs: Reg use float) [] "dst = -1, 0 or 1 in the total order (NaN above all, -0.0 equal to 0.0)";
            REq "req" ABC (dst: Reg def int, lhs: Reg use any, rhs: Reg use any) [] "dst = lhs and rhs are one object, or both null";
            IsNull "isnull" AB (dst: Reg def int, src: Reg use any) [] "dst = src is null";
            StrEq "streq" ABC (dst: Reg def int, lhs: Reg use str, rhs: Reg use str) [] "dst = the same bytes";
            StrCmp "strcmp" ABC (dst: Reg def int, lhs: Reg use str, rhs: Reg use str) [] "dst = -1, 0 or 1 in the order of bytes";

            // Jumps. A jump to itself or backwards is a back-edge: it costs fuel.
            Jmp "jmp" K (target: i32 jump code) [jumps ends] "continues at target";
            JTrue "jtrue" AK (cond: Reg use int, target: i32 jump code) [jumps] "jumps where cond is not 0";
            JFalse "jfalse" AK (cond: Reg use int, target: i32 jump code) [jumps] "jumps where cond is 0";
            JEq "jeq" ABW (lhs: Reg use int, rhs: Reg use int, target: i32 jump code) [jumps] "jumps where lhs == rhs";
            JNe "jne" ABW (lhs: Reg use int, rhs: Reg use int, target: i32 jump code) [jumps] "jumps where lhs != rhs";
            JLt "jlt" ABW (lhs: Reg use int, rhs: Reg use int, target: i32 jump code) [jumps] "jumps where lhs < rhs";
            JLe "jle" ABW (lhs: Reg use int, rhs: Reg use int, target: i32 jump code) [jumps] "jumps where lhs <= rhs";
            JEqI "jeqi" AIJ (lhs: Reg use int, rhs: i16 imm int, target: i32 jump code) [jumps] "jumps where lhs == rhs";
            JNeI "jnei" AIJ (lhs: Reg use int, rhs: i16 imm int, target: i32 jump code) [jumps] "jumps where lhs != rhs";
            JLtI "jlti" AIJ (lhs: Reg use int, rhs: i16 imm int, target: i32 jump code) [jumps] "jumps where lhs < rhs";
            JLeI "jlei" AIJ (lhs: Reg use int, rhs: i16 imm int, target: i32 jump code) [jumps] "jumps where lhs <= rhs";
            JGtI "jgti" AIJ (lhs: Reg use int, rhs: i16 imm int, target: i32 jump code) [jumps] "jumps where lhs > rhs";
            JGeI "jgei" AIJ (lhs: Reg use int, rhs: i16 imm int, target: i32 jump code) [jumps] "jumps where lhs >= rhs";
            JFEq "jfeq" ABW (lhs: Reg use float, rhs: Reg use float, target: i32 jump code) [jumps] "jumps where lhs == rhs";
            JFNe "jfne" ABW (lhs: Reg use float, rhs: Reg use float, target: i32 jump code) [jumps] "jumps where lhs != rhs";
            JFLt "jflt" ABW (lhs: Reg use float, rhs: Reg use float, target: i32 jump code) [jumps] "jumps where lhs < rhs";
            JFLe "jfle" ABW (lhs: Reg use float, rhs: Reg use float, target: i32 jump code) [jumps] "jumps where lhs <= rhs";
            JFNlt "jfnlt" ABW (lhs: Reg use float, rhs: Reg use float, target: i32 jump code) [jumps] "jumps where not lhs < rhs (a NaN jumps)";
            JFNle "jfnle" ABW (lhs: Reg use float, rhs: Reg use float, target: i32 jump code) [jumps] "jumps where not lhs <= rhs (a NaN jumps)";
            JNull "jnull" AK (src: Reg use any, target: i32 jump code) [jumps] "jumps where src is null";
            JNotNull "jnotnull" AK (src: Reg use any, target: i32 jump code) [jumps] "jumps where src is not null";
            JNullElse "jnullelse" ABW (dst: Reg def any, src: Reg use any, target: i32 jump code) [jumps] "jumps where src is null; else dst = src, known not to be null";
            Switch "switch" AK (index: Reg use int, count: u32 imm count) [jumps] "continues at the index-th of the count distances that follow, two to a word (low half first); past them where index is outside 0..count";

            // Calls. Arguments are in a0, a1, …; results are found there.
            Call "call" K (callee: u32 index function) [traps safepoint call args] "calls a function";
            CallNative "native" K (callee: u32 index native) [traps safepoint call args] "calls a function of the host";
            CallClosure "callc" A (callee: Reg use any) [traps safepoint call args] "calls a closure; its arguments begin at a1, a0 becomes the closure itself";
            CallVirtual "callv" K (method: u32 index method) [traps safepoint call args] "calls the method of a trait that the type of a0 has";
            CallC "callx" K (callee: u32 index cfunction) [traps safepoint call args] "calls a C function";
            TailCall "tailcall" K (callee: u32 index function) [traps safepoint args ends] "calls a function in place of this one";
            TailCallClosure "tailcallc" A (callee: Reg use any) [traps safepoint args ends] "calls a closure in place of this function";
            Ret "ret" N () [ends] "returns nothing";
            Ret1 "ret1" A (src: Reg use any) [ends] "returns one value";
            RetN "retn" K (count: u32 imm count) [args ends] "returns the values in a0 .. a(count - 1)";

            // Ends.
            Fail "fail" AX (message: Reg use str, kind: TrapKind imm trap) [traps ends] "traps with this message";
            Trap "trap" X (kind: TrapKind imm trap) [traps ends] "traps";
            Halt "halt" A (status: Reg use int) [ends] "ends the program with this exit status";

            // Globals.
            GGet "gget" AK (dst: Reg def any, global: u32 index global) [traps] "dst = the global; traps where it is a reference that is not yet set";
            GSet "gset" AK (src: Reg use any, global: u32 index global) [] "the global = src";

            // Objects.
            New "new" AK (dst: Reg def any, of: u32 index type) [traps safepoint args] "dst = a new object whose fields are a0, a1, …";
            FGet "fget" ABC (dst: Reg def any, object: Reg use any, field: u16 imm field) [] "dst = the field";
            FSet "fset" ABC (object: Reg use any, src: Reg use any, field: u16 imm field) [] "the field = src, cut to its width";
            Tag "tag" AB (dst: Reg def int, object: Reg use any) [] "dst = the number of the object's variant";
            Cast "cast" ABW (dst: Reg def any, src: Reg use any, to: u32 index type) [traps] "dst = src; traps where its type is not exactly this one";
            IsType "istype" ABW (dst: Reg def int, src: Reg use any, of: u32 index type) [] "dst = the type of src is exactly this one";
            NonNull "nonnull" AB (dst: Reg def any, src: Reg use any) [traps] "dst = src; traps where it is null";

            // Arrays.
            ANew "anew" ABW (dst: Reg def any, capacity: Reg use int, of: u32 index type) [traps safepoint] "dst = an empty array with room for capacity elements";
            AFilled "afilled" AK (dst: Reg def any, of: u32 index type) [traps safepoint args] "dst = an array of a0 elements, each a1";
            ALit "alit" ABW (dst: Reg def any, count: u16 imm count, of: u32 index type) [traps safepoint args] "dst = an array of a0 .. a(count - 1)";
            ALen "alen" AB (dst: Reg def int, array: Reg use any) [] "dst = how many elements there are";
            AGet "aget" ABC (dst: Reg def any, array: Reg use any, index: Reg use int) [traps] "dst = the element; traps out of bounds";
            ASet "aset" ABC (array: Reg use any, index: Reg use int, src: Reg use any) [traps] "the element = src, cut to its width; traps out of bounds";
            APush "apush" AB (array: Reg use any, src: Reg use any) [traps safepoint] "appends src, cut to the element's width";
            APop "apop" AB (dst: Reg def any, array: Reg use any) [traps] "dst = the last element, taken off; traps where there is none";
            ASwap "aswap" ABC (array: Reg use any, i: Reg use int, j: Reg use int) [traps] "exchanges two elements; traps out of bounds";

            // Strings.
            StrLen "strlen" AB (dst: Reg def int, src: Reg use str) [] "dst = the length in bytes";
            StrByte "strbyte" ABC (dst: Reg def int, src: Reg use str, index: Reg use int) [traps] "dst = the byte at index; traps out of bounds";
        }
    };
}
