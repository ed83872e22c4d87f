//! The form that functions are optimised in: blocks with parameters, values that are defined once, and every check an
//! operation of its own, so that a pass can take it away.

mod print;
mod visit;

use lang_bytecode::{RegType, Storage, Width};

use super::helpers::Helper;

/// A value, defined once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Value(pub(crate) u32);

/// A block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Block(pub(crate) u32);

/// The kind of a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Type {
    /// 64-bit integer, or an address that the collector need not know.
    Int,
    /// IEEE-754 double.
    Float,
    /// A reference, perhaps null.
    Ref,
}

impl Type {
    /// The kind of a register's values.
    pub(crate) fn of(ty: RegType) -> Type {
        match ty {
            RegType::Int => Type::Int,
            RegType::Float => Type::Float,
            RegType::Ref(_) | RegType::RefNull(_) => Type::Ref,
        }
    }
}

/// Operations on one value that neither trap nor touch memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Unary {
    /// A reference of which more is known since a check before: nothing that relies on it moves above this.
    Refine,
    /// The bits turned around.
    BNot,
    /// The absolute value, wrapping.
    Abs,
    Popcnt,
    Clz,
    Ctz,
    /// The low bits, extended.
    Wrap(Width),
    FNeg,
    FAbs,
    FSqrt,
    FFloor,
    FCeil,
    FTrunc,
    FRound,
    /// Rounded to 32 bits.
    ToF32,
    IToF,
    /// Truncated; the value must be in range.
    FToI,
    FBits,
    FFromBits,
}

/// Operations on two values that neither trap nor touch memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    /// Toward zero; the divisor must be neither 0 nor, for the least int, -1.
    Div,
    Rem,
    Min,
    Max,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    UShr,
    Rotl,
    Rotr,
    FAdd,
    FSub,
    FMul,
    FDiv,
}

/// Arithmetic that traps on overflow.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Checked {
    Add,
    Sub,
    Mul,
}

/// Comparisons of ints, and of references for equality.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Cond {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    /// Unsigned less.
    ULt,
    /// Unsigned greater or equal.
    UGe,
}

impl Cond {
    /// The condition that holds where this one does not.
    pub(crate) fn negated(self) -> Cond {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Lt => Cond::Ge,
            Cond::Le => Cond::Gt,
            Cond::Gt => Cond::Le,
            Cond::Ge => Cond::Lt,
            Cond::ULt => Cond::UGe,
            Cond::UGe => Cond::ULt,
        }
    }
}

/// Comparisons of floats.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum FCond {
    Eq,
    Ne,
    Lt,
    Le,
    /// Not less: a NaN holds.
    Nlt,
    /// Not less or equal: a NaN holds.
    Nle,
}

/// Who is called.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Callee {
    /// A function of the module.
    Function(u32),
    /// The closure that is the first argument.
    Closure,
    /// The method of the type of the first argument.
    Method(u32),
}

/// What a field of a new object begins with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Init {
    pub(crate) offset: u32,
    pub(crate) storage: Storage,
    pub(crate) value: Value,
}

/// An operation.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Op {
    Const(i64),
    /// A float by its bits.
    Float(u64),
    /// A reference that never moves: null, a string constant, an object without fields.
    Fixed(u64),
    Unary(Unary, Value),
    Binary(Binary, Value, Value),
    Compare(Cond, Value, Value),
    FCompare(FCond, Value, Value),
    /// One of two numbers: the first where the condition is not 0.
    Select {
        cond: Value,
        then: Value,
        other: Value,
    },
    /// Traps on overflow; the values that explain it are the operands, exchanged where `swap` says so.
    Checked {
        op: Checked,
        lhs: Value,
        rhs: Value,
        swap: bool,
    },
    /// Traps where the condition is not 0; the values explain it.
    Guard {
        cond: Value,
        values: [Value; 2],
    },
    /// Traps where the index is not below the length.
    Bounds {
        index: Value,
        len: Value,
    },
    /// How many elements an array or bytes a string has.
    Len(Value),
    /// Where the contents of an array or string are; good until the next safepoint.
    Data(Value),
    /// Sets the length of an array.
    SetLen {
        array: Value,
        len: Value,
    },
    /// How many elements fit behind this address of contents.
    Capacity(Value),
    Field {
        object: Value,
        offset: u32,
        storage: Storage,
    },
    SetField {
        object: Value,
        offset: u32,
        storage: Storage,
        value: Value,
    },
    /// Sets a field of an object that was just made.
    InitField {
        object: Value,
        offset: u32,
        storage: Storage,
        value: Value,
    },
    /// `owner` is the array whose contents are at `data`.
    Element {
        data: Value,
        index: Value,
        storage: Storage,
    },
    SetElement {
        owner: Value,
        data: Value,
        index: Value,
        storage: Storage,
        value: Value,
    },
    /// The type that an object's header says.
    TypeOf(Value),
    /// What else it says: a variant's tag, a closure's function.
    Info(Value),
    Global {
        index: u32,
        ty: Type,
    },
    SetGlobal {
        index: u32,
        value: Value,
    },
    Call {
        callee: Callee,
        args: Vec<Value>,
        params: Vec<Type>,
    },
    Native {
        native: u32,
        args: Vec<Value>,
        safepoint: bool,
        fallible: bool,
    },
    /// Calls a C function of the module.
    CallC {
        function: u32,
        args: Vec<Value>,
    },
    Helper {
        helper: Helper,
        args: Vec<Value>,
    },
    /// Makes an object: [`allocate`](super::passes) says how, once it is clear that it is needed.
    New {
        /// The number of its type.
        of: u32,
        /// Bytes, the header among them.
        size: u32,
        header: u64,
        fields: Vec<Init>,
    },
    /// Whether an object of so many bytes can be made without a call.
    Room {
        size: u32,
    },
    /// Makes an object with this header, for which there is room.
    Bump {
        size: u32,
        header: u64,
    },
    /// Charges a back-edge or a call.
    Poll,
}

/// An operation with its results and the place that it came from.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Inst {
    pub(crate) op: Op,
    pub(crate) results: Vec<Value>,
    /// Index in [`Function::sites`].
    pub(crate) site: u32,
    /// At a safepoint: the references that are used after it, as they are before and, as the objects may move, after.
    pub(crate) moved: Vec<(Value, Value)>,
}

/// Where a jump goes, and the values of the parameters there.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Edge {
    pub(crate) to: Block,
    pub(crate) args: Vec<Value>,
}

/// How a block ends.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Term {
    Jump(Edge),
    /// To the first where the condition is not 0.
    Branch {
        cond: Value,
        then: Edge,
        other: Edge,
    },
    Switch {
        index: Value,
        targets: Vec<Edge>,
        default: Edge,
    },
    Return(Vec<Value>),
    TailCall {
        callee: Callee,
        args: Vec<Value>,
        params: Vec<Type>,
    },
    /// Traps by the instruction of the site, which has this kind of message; the values explain it.
    Trap {
        values: [Option<Value>; 2],
    },
    /// Ends the program with a status.
    Halt(Value),
    /// Goes on in the interpreter, at an entry of [`Function::exits`]; the frame holds the registers.
    Resume(u32),
}

/// A block's contents.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct BlockData {
    pub(crate) params: Vec<Value>,
    pub(crate) insts: Vec<Inst>,
    pub(crate) term: Term,
    /// The place of the terminator.
    pub(crate) site: u32,
}

/// A place in the program: an instruction of a function, and the inlined call that it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Site {
    /// The function whose stored code the instruction is in.
    pub(crate) function: u32,
    /// The instruction's word.
    pub(crate) word: u32,
    /// The site of the call, where the function was inlined.
    pub(crate) caller: Option<u32>,
}

/// A function.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Function {
    /// Its parameters; for on-stack replacement the address of the interpreter's frame.
    pub(crate) params: Vec<Type>,
    pub(crate) results: Vec<Type>,
    /// Blocks; the first is the entry, whose parameters are the function's.
    pub(crate) blocks: Vec<BlockData>,
    /// The types of values.
    pub(crate) types: Vec<Type>,
    /// The references that are known not to be null.
    pub(crate) non_null: Vec<bool>,
    pub(crate) sites: Vec<Site>,
    /// The stored words that a loop is left to.
    pub(crate) exits: Vec<u32>,
}

impl Function {
    /// A function of no blocks.
    pub(crate) fn new(params: Vec<Type>, results: Vec<Type>) -> Function {
        let (types, non_null) = (Vec::new(), Vec::new());
        let (blocks, sites, exits) = (Vec::new(), Vec::new(), Vec::new());
        Function { params, results, blocks, types, non_null, sites, exits }
    }

    /// A new value.
    pub(crate) fn value(&mut self, ty: Type) -> Value {
        self.types.push(ty);
        self.non_null.push(false);
        Value(self.types.len() as u32 - 1)
    }

    /// A new value of the same kind, of which as much is known.
    pub(crate) fn value_like(&mut self, value: Value) -> Value {
        let like = self.value(self.ty(value));
        self.non_null[like.0 as usize] = self.non_null[value.0 as usize];
        like
    }

    /// Notes that a value is a reference that is never null.
    pub(crate) fn set_non_null(&mut self, value: Value) {
        self.non_null[value.0 as usize] = true;
    }

    /// A new block, which ends in a trap until its end is set.
    pub(crate) fn block(&mut self) -> Block {
        self.blocks.push(BlockData {
            params: Vec::new(),
            insts: Vec::new(),
            term: Term::Trap { values: [None; 2] },
            site: 0,
        });
        Block(self.blocks.len() as u32 - 1)
    }

    /// The kind of a value.
    pub(crate) fn ty(&self, value: Value) -> Type {
        self.types[value.0 as usize]
    }

    /// A block's contents.
    pub(crate) fn data(&self, block: Block) -> &BlockData {
        &self.blocks[block.0 as usize]
    }

    /// A block's contents, to be changed.
    pub(crate) fn data_mut(&mut self, block: Block) -> &mut BlockData {
        &mut self.blocks[block.0 as usize]
    }
}
