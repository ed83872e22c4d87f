//! A function while its code is made: blocks, registers, variables, and what leaving a block has to run.

use std::rc::Rc;

use lang_bytecode::{FuncId, RegType, TrapKind};

use super::Lower;
use super::layout::Layout;
use super::value::Value;
use crate::hir::{Body, ExprId, FnId, LocalId, Ty, TyList};
use crate::ir::{At, BinaryOp, BlockId, Callee, End, Function, Inst, Op, Operand, Test, UnaryOp, VReg};
use crate::source::Span;

/// Where a variable lives.
#[derive(Clone, Debug)]
pub(super) enum Var {
    /// In registers.
    Regs(Rc<[VReg]>),
    /// In a cell, which closures share.
    Cell(VReg),
}

/// A loop that code is within.
#[derive(Clone, Debug)]
pub(super) struct LoopFrame {
    /// Where `break` goes.
    pub(super) exit: BlockId,
    /// Where `continue` goes.
    pub(super) next: BlockId,
    /// Where the value of `break` goes.
    pub(super) result: Option<Rc<[VReg]>>,
    /// How many deferred expressions were waiting outside.
    pub(super) defers: usize,
}

/// A function under way.
pub(super) struct Builder<'a, 'p> {
    pub(super) lower: &'a mut Lower<'p>,
    /// The tree that is lowered; none for code that the compiler makes up.
    pub(super) body: Option<&'p Body>,
    /// What the type parameters stand for.
    pub(super) args: Rc<[Ty]>,
    /// The type of the result.
    pub(super) result: Ty,
    pub(super) f: Function,
    id: FuncId,
    order: Vec<BlockId>,
    here: BlockId,
    /// Whether code that is made now is reached.
    open: bool,
    pub(super) vars: Vec<Option<Var>>,
    pub(super) loops: Vec<Option<LoopFrame>>,
    /// Deferred expressions of the blocks that code is within, outermost first.
    pub(super) defers: Vec<ExprId>,
    pub(super) at: At,
}

impl<'a, 'p> Builder<'a, 'p> {
    /// The function for a list of type arguments, and a note of who asks for it.
    pub(super) fn instance(&mut self, id: FnId, args: TyList) -> FuncId {
        let func = self.lower.instance(id, args);
        let module = self.lower.program.function(id).module;
        let standard =
            self.lower.program.modules.get(module.0 as usize).is_some_and(|module| module.standard);
        if standard && args != TyList::EMPTY {
            let place = self.asked_at();
            self.lower.asked_at.entry(func).or_insert(place);
        }
        func
    }

    /// The place to tell of a fault here: in the standard library, where the program asked for the function.
    pub(super) fn asked_at(&self) -> Span {
        self.lower.asked_at.get(&self.id).copied().unwrap_or(self.at.span)
    }

    /// Begins a function whose number and signature are known.
    pub(super) fn new(
        lower: &'a mut Lower<'p>,
        id: FuncId,
        body: Option<&'p Body>,
        args: Rc<[Ty]>,
        result: Ty,
    ) -> Builder<'a, 'p> {
        let empty = Function::new("".into(), &[], Vec::new());
        let f = std::mem::replace(&mut lower.out.functions[id.0 as usize], empty);
        let (locals, loops) = body.map_or((0, 0), |body| (body.locals.len(), body.loops as usize));
        Builder {
            lower,
            body,
            args,
            result,
            f,
            id,
            order: vec![BlockId(0)],
            here: BlockId(0),
            open: true,
            vars: vec![None; locals],
            loops: vec![None; loops],
            defers: Vec::new(),
            at: At::default(),
        }
    }

    /// Puts the blocks into their order and hands the function over.
    pub(super) fn finish(self) {
        let Builder { lower, mut f, id, order, .. } = self;
        crate::optimize::order_blocks(&mut f, &order);
        lower.out.functions[id.0 as usize] = f;
    }

    /// What follows comes from this place.
    pub(super) fn at(&mut self, span: Span) {
        self.at = At { span, scope: 0 };
    }

    /// A type of the tree with the type arguments in place.
    pub(super) fn subst(&mut self, ty: Ty) -> Ty {
        self.lower.types.subst(ty, &self.args)
    }

    pub(super) fn layout(&mut self, ty: Ty) -> Rc<Layout> {
        self.lower.layout(ty)
    }

    /// A new block, which has no place in the code yet.
    pub(super) fn block(&mut self) -> BlockId {
        self.f.add_block()
    }

    /// Code goes on in this block, which is placed after those so far.
    pub(super) fn start(&mut self, block: BlockId) {
        self.order.push(block);
        self.here = block;
        self.open = true;
    }

    /// Whether code that is made now is reached.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// The block ends; what follows is dropped until another one is started.
    pub(super) fn end(&mut self, end: End) {
        if self.open {
            let at = self.at;
            let block = self.f.block_mut(self.here);
            (block.end, block.at) = (end, at);
            self.open = false;
        }
    }

    pub(super) fn jump(&mut self, to: BlockId) {
        self.end(End::Jump(to));
    }

    /// Ends the block by a branch and goes on in `next`.
    pub(super) fn branch(
        &mut self,
        test: Test,
        lhs: Operand,
        rhs: Operand,
        then: BlockId,
        otherwise: BlockId,
    ) {
        self.end(End::Branch { test, lhs, rhs, then, otherwise });
    }

    pub(super) fn trap(&mut self, kind: TrapKind) {
        self.end(End::Trap(kind));
    }

    /// Says that the block that is being made runs seldom.
    pub(super) fn cold(&mut self) {
        if self.open {
            self.f.block_mut(self.here).cold = true;
        }
    }

    pub(super) fn push(&mut self, op: Op) {
        if self.open {
            let at = self.at;
            self.f.block_mut(self.here).insts.push(Inst { op, at });
        }
    }

    pub(super) fn reg(&mut self, ty: RegType) -> VReg {
        self.f.add_reg(ty)
    }

    pub(super) fn int_reg(&mut self) -> VReg {
        self.reg(RegType::Int)
    }

    /// New registers for a value of this type.
    pub(super) fn regs(&mut self, ty: Ty) -> Rc<[VReg]> {
        let layout = self.layout(ty);
        layout.words.iter().map(|word| self.reg(*word)).collect()
    }

    pub(super) fn mov(&mut self, dst: VReg, src: impl Into<Operand>) {
        let src = src.into();
        if src != Operand::Reg(dst) {
            self.push(Op::Move { dst, src });
        }
    }

    /// Moves a value into registers. A value that was made of some of them in another order goes through temporaries.
    pub(super) fn move_value(&mut self, dst: &[VReg], value: Value) {
        let clash =
            value.words().iter().enumerate().any(|(index, word)| {
                word.reg().is_some_and(|reg| dst[..index.min(dst.len())].contains(&reg))
            });
        let value = if clash { self.copy(value) } else { value };
        for (dst, src) in dst.iter().zip(value.words()) {
            self.mov(*dst, *src);
        }
    }

    /// The value in registers of its own.
    pub(super) fn copy(&mut self, value: Value) -> Value {
        let mut copy = value;
        for word in copy.words_mut() {
            if let Operand::Reg(reg) = *word {
                let ty = self.f.ty(reg);
                let temp = self.reg(ty);
                self.mov(temp, reg);
                *word = temp.into();
            }
        }
        copy
    }

    /// A temporary of this type that holds the operand.
    pub(super) fn temp(&mut self, ty: RegType, src: Operand) -> VReg {
        let dst = self.reg(ty);
        self.mov(dst, src);
        dst
    }

    pub(super) fn unary(&mut self, op: UnaryOp, src: impl Into<Operand>) -> VReg {
        let ty = match op.class() {
            crate::ir::Class::Int => RegType::Int,
            crate::ir::Class::Float => RegType::Float,
        };
        let (dst, src) = (self.reg(ty), src.into());
        self.push(Op::Unary { op, dst, src });
        dst
    }

    pub(super) fn binary(&mut self, op: BinaryOp, lhs: impl Into<Operand>, rhs: impl Into<Operand>) -> VReg {
        let ty = match op.class() {
            crate::ir::Class::Int => RegType::Int,
            crate::ir::Class::Float => RegType::Float,
        };
        let (dst, lhs, rhs) = (self.reg(ty), lhs.into(), rhs.into());
        self.push(Op::Binary { op, dst, lhs, rhs });
        dst
    }

    /// Calls, and gives the registers of the results.
    pub(super) fn call(&mut self, callee: Callee, args: &[Operand], results: &[RegType]) -> Value {
        let regs: Vec<VReg> = results.iter().map(|ty| self.reg(*ty)).collect();
        let args = self.f.add_list(args.iter().copied());
        let results = self.f.add_list(regs.iter().map(|reg| (*reg).into()));
        self.push(Op::Call { callee, args, results });
        Value::of_regs(&regs)
    }

    /// Calls a host function on words.
    pub(super) fn native(&mut self, name: &str, args: &[(Operand, RegType)], results: &[RegType]) -> Value {
        let params = args.iter().map(|(_, ty)| *ty).collect();
        let signature = lang_bytecode::Signature { params, results: results.to_vec() };
        let id = self.lower.native(name, signature);
        let args: Vec<Operand> = args.iter().map(|(arg, _)| *arg).collect();
        self.call(Callee::Native(id), &args, results)
    }

    pub(super) fn string(&mut self, text: &str) -> Operand {
        self.lower.out.constants.string(text)
    }

    pub(super) fn int(&mut self, value: i64) -> Operand {
        self.lower.out.constants.int(value)
    }

    pub(super) fn float(&mut self, value: f64) -> Operand {
        self.lower.out.constants.float(value)
    }

    /// A word that is never looked at: zero, or null.
    pub(super) fn nothing(&mut self, ty: RegType) -> Operand {
        use crate::ir::Const;
        match ty {
            RegType::Int => Operand::Int(0),
            RegType::Float => self.float(0.0),
            RegType::Ref(id) | RegType::RefNull(id) => self.lower.out.constants.operand(Const::Null(id)),
        }
    }

    /// Ends in a runtime error with this message.
    pub(super) fn fail(&mut self, message: Operand, kind: TrapKind) {
        self.cold();
        self.end(End::Fail { message, kind });
    }

    /// Takes a parameter's words from the registers from `first` on; gives the number of the next one.
    pub(super) fn parameter(&mut self, local: LocalId, first: u32) -> u32 {
        let ty = self.local_type(local);
        let count = self.layout(ty).words.len() as u32;
        let regs: Rc<[VReg]> = (first..first + count).map(VReg).collect();
        if self.is_cell(local) {
            self.init_local(local, Value::of_regs(&regs));
        } else {
            self.vars[local.index()] = Some(Var::Regs(regs));
        }
        first + count
    }

    pub(super) fn local_type(&mut self, local: LocalId) -> Ty {
        let ty = self.body.map_or(Ty::UNIT, |body| body[local].ty);
        self.subst(ty)
    }

    /// Whether a variable lives in a cell.
    pub(super) fn is_cell(&self, local: LocalId) -> bool {
        self.body.is_some_and(|body| body[local].mutable && body[local].captured)
    }

    /// Gives a variable that is not in a cell its registers, once.
    pub(super) fn declare(&mut self, local: LocalId) -> Rc<[VReg]> {
        if let Some(Var::Regs(regs)) = &self.vars[local.index()] {
            return regs.clone();
        }
        let ty = self.local_type(local);
        let regs = self.regs(ty);
        self.vars[local.index()] = Some(Var::Regs(regs.clone()));
        regs
    }

    /// Gives a variable its first value.
    pub(super) fn init_local(&mut self, local: LocalId, value: Value) {
        if !self.is_cell(local) {
            let regs = self.declare(local);
            self.move_value(&regs, value);
            return;
        }
        let ty = self.local_type(local);
        let of = self.lower.cell_type(ty);
        let reg = match self.vars[local.index()] {
            Some(Var::Cell(reg)) => reg,
            _ => self.reg(RegType::Ref(of)),
        };
        self.vars[local.index()] = Some(Var::Cell(reg));
        let args = self.f.add_list(value.words().iter().copied());
        self.push(Op::New { dst: reg, of, args });
    }

    /// Assigns to a variable.
    pub(super) fn store_local(&mut self, local: LocalId, value: Value) {
        match self.vars[local.index()].clone() {
            Some(Var::Regs(regs)) => self.move_value(&regs, value),
            Some(Var::Cell(cell)) => {
                for (field, word) in value.words().iter().enumerate() {
                    self.push(Op::FieldSet { object: cell.into(), src: *word, field: field as u16 });
                }
            }
            None => self.init_local(local, value),
        }
    }

    /// A variable's value. Its words are the variable's own registers: see [`Builder::stable`].
    pub(super) fn load_local(&mut self, local: LocalId) -> Value {
        match self.vars[local.index()].clone() {
            Some(Var::Regs(regs)) => Value::of_regs(&regs),
            Some(Var::Cell(cell)) => {
                let ty = self.local_type(local);
                let mut value = Value::UNIT;
                for (field, word) in self.layout(ty).words.iter().enumerate() {
                    let dst = self.reg(*word);
                    let field = field as u16;
                    self.push(Op::FieldGet { dst, object: cell.into(), field, constant: false });
                    value.push(dst.into());
                }
                value
            }
            // In code that is not reached, such as after a `return`.
            None => Value::of_regs(&self.declare(local)),
        }
    }
}
