//! The rules of opcodes whose operands the table does not type by itself.

use super::code::Checker;
use super::error::{Fault, show_type};
use super::value::Value;
use crate::{Field, Instr, Reg, RegType, Signature, Storage, TypeDef, TypeId};

type Made = Result<Option<Value>, Fault>;

impl<'m> Checker<'_, 'm> {
    /// Checks what the table does not say; gives the value for an operand that the opcode writes with class `any`.
    pub(super) fn rule(&mut self, instr: Instr) -> Made {
        use Instr::*;
        let module = self.types.module;
        match instr {
            IConst64 { value, .. } => self.index("constant", value, module.constants.len()),
            FConst { value, .. } => self.index("constant", value, module.constants.len()),
            StrConst { value, .. } => self.index("string", value, module.strings.len()),
            Static { of, .. } => self.static_object(TypeId(of)),
            Mov { src, .. } => self.read(src, "src").map(Some),
            REq { lhs, rhs, .. } => {
                self.reference(lhs, "lhs")?;
                self.reference(rhs, "rhs")?;
                Ok(None)
            }
            IsNull { src, .. } | JNull { src, .. } | JNotNull { src, .. } => {
                self.reference(src, "src")?;
                Ok(None)
            }
            JNullElse { src, .. } | NonNull { src, .. } => match self.reference(src, "src")? {
                Value::Of(RegType::RefNull(id)) => Ok(Some(Value::Of(RegType::Ref(id)))),
                other => Ok(Some(other)),
            },
            Call { callee } => self.call_function(callee),
            CallNative { callee } => match module.natives.get(callee as usize) {
                Some(native) => self.call(&native.signature.params, &native.signature.results, 0),
                None => Err(self.missing("native", callee, module.natives.len())),
            },
            CallClosure { callee } => {
                let signature = self.closure(callee)?;
                self.call(&signature.params, &signature.results, 1)
            }
            CallVirtual { method } => self.call_virtual(method),
            CallC { callee } => match module.foreign.functions.get(callee as usize) {
                Some(function) => self.call(&function.signature.params, &function.signature.results, 0),
                None => Err(self.missing("C function", callee, module.foreign.functions.len())),
            },
            TailCall { callee } => match module.functions.get(callee as usize) {
                Some(function) => {
                    self.arguments(function.param_types(), 0)?;
                    self.returned(&function.results)
                }
                None => Err(self.missing("function", callee, module.functions.len())),
            },
            TailCallClosure { callee } => {
                let signature = self.closure(callee)?;
                self.use_outs(1 + signature.params.len())?;
                self.arguments(&signature.params, 1)?;
                self.returned(&signature.results)
            }
            Ret {} => self.count("results", 0, self.function.results.len()),
            Ret1 { src } => {
                self.count("results", 1, self.function.results.len())?;
                let value = self.read(src, "src")?;
                self.expect("src", &self.name(src), value, self.function.results[0])?;
                Ok(None)
            }
            RetN { count } => {
                self.count("results", count as usize, self.function.results.len())?;
                self.arguments(&self.function.results, 0)?;
                Ok(None)
            }
            GGet { global, .. } => match module.globals.get(global as usize) {
                Some(global) => Ok(Some(Value::Of(global.ty))),
                None => Err(self.missing("global", global, module.globals.len())),
            },
            GSet { src, global } => {
                let Some(target) = module.globals.get(global as usize) else {
                    return Err(self.missing("global", global, module.globals.len()));
                };
                let value = self.read(src, "src")?;
                self.expect("src", &self.name(src), value, target.ty)?;
                Ok(None)
            }
            New { of, .. } => self.new_object(TypeId(of)),
            FGet { object, field, .. } => {
                let field = self.field(object, field)?;
                Ok(Some(Value::Of(field.storage.register())))
            }
            FSet { object, src, field } => self.set_field(object, src, field),
            Tag { object, .. } => self.tagged(object),
            Cast { src, to, .. } => {
                self.exact_type(src, TypeId(to))?;
                Ok(Some(Value::Of(RegType::Ref(TypeId(to)))))
            }
            IsType { src, of, .. } => {
                self.exact_type(src, TypeId(of))?;
                Ok(None)
            }
            ANew { of, .. } => {
                self.array_type(TypeId(of))?;
                Ok(Some(Value::Of(RegType::Ref(TypeId(of)))))
            }
            AFilled { of, .. } => {
                let element = self.array_type(TypeId(of))?.register();
                self.arguments(&[RegType::Int, element], 0)?;
                Ok(Some(Value::Of(RegType::Ref(TypeId(of)))))
            }
            ALit { count, of, .. } => {
                let element = self.array_type(TypeId(of))?.register();
                self.use_outs(count as usize)?;
                (0..count as usize).try_for_each(|slot| self.argument(slot, element))?;
                Ok(Some(Value::Of(RegType::Ref(TypeId(of)))))
            }
            ALen { array, .. } | ASwap { array, .. } => {
                self.array(array)?;
                Ok(None)
            }
            AGet { array, .. } | APop { array, .. } => {
                let element = self.array(array)?.register();
                Ok(Some(Value::Of(element)))
            }
            ASet { array, src, .. } | APush { array, src } => {
                let element = self.array(array)?.register();
                let value = self.read(src, "src")?;
                self.expect("src", &self.name(src), value, element)?;
                Ok(None)
            }

            // The table says it all.
            Nop {} | Halt { .. } | Fail { .. } | Trap { .. } | IConst { .. } | Null { .. } => Ok(None),
            IAdd { .. } | ISub { .. } | IMul { .. } | IDiv { .. } | IRem { .. } | IPow { .. } => Ok(None),
            IAddW { .. } | ISubW { .. } | IMulW { .. } => Ok(None),
            IAddI { .. } | IRSubI { .. } | IMulI { .. } | IDivI { .. } | IRemI { .. } => Ok(None),
            INeg { .. } | IAbs { .. } | IMin { .. } | IMax { .. } | Not { .. } => Ok(None),
            BAnd { .. } | BOr { .. } | BXor { .. } | BNot { .. } => Ok(None),
            BAndI { .. } | BOrI { .. } | BXorI { .. } => Ok(None),
            Shl { .. } | Shr { .. } | UShr { .. } | Rotl { .. } | Rotr { .. } => Ok(None),
            ShlI { .. } | ShrI { .. } | UShrI { .. } => Ok(None),
            Popcnt { .. } | Clz { .. } | Ctz { .. } => Ok(None),
            FAdd { .. } | FSub { .. } | FMul { .. } | FDiv { .. } | FRem { .. } => Ok(None),
            FNeg { .. } | FAbs { .. } | FSqrt { .. } => Ok(None),
            FFloor { .. } | FCeil { .. } | FTrunc { .. } | FRound { .. } => Ok(None),
            IToF { .. } | FToI { .. } | FToF32 { .. } => Ok(None),
            Narrow { .. } | Wrap { .. } | ToChar { .. } => Ok(None),
            FBits { .. } | FFromBits { .. } => Ok(None),
            IEq { .. } | INe { .. } | ILt { .. } | ILe { .. } => Ok(None),
            IEqI { .. } | INeI { .. } | ILtI { .. } | ILeI { .. } | IGtI { .. } | IGeI { .. } => Ok(None),
            FEq { .. } | FNe { .. } | FLt { .. } | FLe { .. } | FCmp { .. } => Ok(None),
            StrEq { .. } | StrCmp { .. } | StrLen { .. } | StrByte { .. } => Ok(None),
            Jmp { .. } | JTrue { .. } | JFalse { .. } | Switch { .. } => Ok(None),
            JEq { .. } | JNe { .. } | JLt { .. } | JLe { .. } => Ok(None),
            JEqI { .. } | JNeI { .. } | JLtI { .. } | JLeI { .. } | JGtI { .. } | JGeI { .. } => Ok(None),
            JFEq { .. } | JFNe { .. } | JFLt { .. } | JFLe { .. } | JFNlt { .. } | JFNle { .. } => Ok(None),
        }
    }

    fn missing(&self, table: &str, index: u32, count: usize) -> Fault {
        self.error(format!("there is no {table} {index}, of {count}"))
    }

    fn index(&self, table: &str, index: u32, count: usize) -> Made {
        if (index as usize) < count { Ok(None) } else { Err(self.missing(table, index, count)) }
    }

    fn count(&self, what: &str, given: usize, wanted: usize) -> Made {
        if given == wanted {
            return Ok(None);
        }
        Err(self.error(format!("{given} {what} where the function has {wanted}")))
    }

    /// Whether a value may be put where `wanted` is expected.
    fn expect(&self, operand: &str, name: &str, value: Value, wanted: RegType) -> Result<(), Fault> {
        if self.types.fits(value, wanted) {
            return Ok(());
        }
        let (value, wanted) = (self.show(value), self.show(Value::Of(wanted)));
        Err(self.error(format!("{operand}: {name} is {value}, not {wanted}")))
    }

    /// Out slots up to `count` are used; they must be such that operands can name them.
    fn use_outs(&mut self, count: usize) -> Result<(), Fault> {
        if self.function.registers.len() + count > u16::MAX as usize + 1 {
            return Err(self.error(format!("{count} out slots do not fit beside its registers")));
        }
        self.outs.count = self.outs.count.max(count);
        Ok(())
    }

    fn argument(&self, slot: usize, wanted: RegType) -> Result<(), Fault> {
        let value = self.read_out(slot)?;
        if self.types.fits(value, wanted) {
            return Ok(());
        }
        self.expect("argument", &format!("a{slot}"), value, wanted)
    }

    /// The out slots from `first` on hold values of these types.
    fn arguments(&mut self, wanted: &[RegType], first: usize) -> Result<(), Fault> {
        self.use_outs(first + wanted.len())?;
        wanted.iter().enumerate().try_for_each(|(number, ty)| self.argument(first + number, *ty))
    }

    fn call(&mut self, params: &[RegType], results: &'m [RegType], first: usize) -> Made {
        self.use_outs((first + params.len()).max(results.len()))?;
        self.arguments(params, first)?;
        self.outs.set_results(results);
        Ok(None)
    }

    fn call_function(&mut self, callee: u32) -> Made {
        let functions = &self.types.module.functions;
        match functions.get(callee as usize) {
            Some(function) => self.call(function.param_types(), &function.results, 0),
            None => Err(self.missing("function", callee, functions.len())),
        }
    }

    fn call_virtual(&mut self, method: u32) -> Made {
        let methods = &self.types.module.methods;
        let Some((id, number)) = methods.get(method as usize) else {
            return Err(self.missing("method", method, methods.len()));
        };
        match self.types.get(*id) {
            Some(TypeDef::Trait { methods, .. }) => {
                let signature = &methods[*number as usize];
                self.call(&signature.params, &signature.results, 0)
            }
            _ => Err(self.error("its method is not one of a trait")),
        }
    }

    /// The signature of a closure in a register.
    fn closure(&mut self, callee: Reg) -> Result<&'m Signature, Fault> {
        let value = self.read(callee, "callee")?;
        let mut def = self.object_type(value);
        if let Some(TypeDef::Closure { of, .. }) = def {
            def = self.types.get(*of);
        }
        match def {
            Some(TypeDef::Function(signature)) => Ok(signature),
            _ => {
                Err(self.error(format!("callee: {} is {}, no closure", self.name(callee), self.show(value))))
            }
        }
    }

    /// A tail call's results go to this function's caller.
    fn returned(&self, results: &[RegType]) -> Made {
        self.count("results", results.len(), self.function.results.len())?;
        for (number, (given, wanted)) in results.iter().zip(&self.function.results).enumerate() {
            self.expect("result", &number.to_string(), Value::Of(*given), *wanted)?;
        }
        Ok(None)
    }

    /// A register that holds a reference or null.
    fn reference(&mut self, reg: Reg, operand: &str) -> Result<Value, Fault> {
        match self.read(reg, operand)? {
            value @ (Value::Null | Value::Of(RegType::Ref(_) | RegType::RefNull(_))) => Ok(value),
            value => {
                let (name, value) = (self.name(reg), self.show(value));
                Err(self.error(format!("{operand}: {name} is {value}, no reference")))
            }
        }
    }

    /// The definition of the type of an object that is not null.
    fn object_type(&self, value: Value) -> Option<&'m TypeDef> {
        match value {
            Value::Of(RegType::Ref(id)) => self.types.get(id),
            _ => None,
        }
    }

    /// The fields of a type whose objects `new` and `static` make.
    fn fields(&self, id: TypeId) -> Result<&'m [Field], Fault> {
        let fields = self.types.get(id).and_then(TypeDef::fields);
        fields
            .ok_or_else(|| self.error(format!("{} is no type with fields", show_type(self.types.module, id))))
    }

    fn static_object(&self, id: TypeId) -> Made {
        if self.fields(id)?.is_empty() {
            return Ok(Some(Value::Of(RegType::Ref(id))));
        }
        Err(self.error(format!("{} has fields", show_type(self.types.module, id))))
    }

    fn new_object(&mut self, id: TypeId) -> Made {
        let fields = self.fields(id)?;
        self.use_outs(fields.len())?;
        for (slot, field) in fields.iter().enumerate() {
            self.argument(slot, field.storage.register())?;
        }
        Ok(Some(Value::Of(RegType::Ref(id))))
    }

    fn field(&mut self, object: Reg, field: u16) -> Result<&'m Field, Fault> {
        let value = self.read(object, "object")?;
        let Some(fields) = self.object_type(value).and_then(TypeDef::fields) else {
            let (name, value) = (self.name(object), self.show(value));
            return Err(self.error(format!("object: {name} is {value}, which has no fields")));
        };
        fields.get(field as usize).ok_or_else(|| {
            let (name, value) = (self.name(object), self.show(value));
            self.error(format!("field: {name} is {value}, which has no field {field}"))
        })
    }

    fn set_field(&mut self, object: Reg, src: Reg, field: u16) -> Made {
        let field = self.field(object, field)?;
        if !field.mutable {
            return Err(self.error(format!("field: `{}` may not be written", field.name)));
        }
        let value = self.read(src, "src")?;
        self.expect("src", &self.name(src), value, field.storage.register())?;
        Ok(None)
    }

    fn tagged(&mut self, object: Reg) -> Made {
        let value = self.read(object, "object")?;
        match self.object_type(value) {
            Some(TypeDef::Enum { .. } | TypeDef::Variant { .. }) => Ok(None),
            _ => {
                let (name, value) = (self.name(object), self.show(value));
                Err(self.error(format!("object: {name} is {value}, no enum")))
            }
        }
    }

    /// The operands of `cast` and `istype`: an object, and a type that objects have as their own.
    fn exact_type(&mut self, src: Reg, id: TypeId) -> Result<(), Fault> {
        let value = self.read(src, "src")?;
        if self.object_type(value).is_none() {
            let (name, value) = (self.name(src), self.show(value));
            return Err(self.error(format!("src: {name} is {value}, not a `ref`")));
        }
        match self.types.get(id) {
            Some(TypeDef::Enum { .. } | TypeDef::Function(_) | TypeDef::Trait { .. }) | None => {
                let name = show_type(self.types.module, id);
                Err(self.error(format!("no object is exactly of type {name}")))
            }
            Some(_) => Ok(()),
        }
    }

    fn array_type(&self, id: TypeId) -> Result<Storage, Fault> {
        match self.types.get(id) {
            Some(TypeDef::Array(storage)) => Ok(*storage),
            _ => Err(self.error(format!("{} is no array type", show_type(self.types.module, id)))),
        }
    }

    fn array(&mut self, array: Reg) -> Result<Storage, Fault> {
        let value = self.read(array, "array")?;
        match self.object_type(value) {
            Some(TypeDef::Array(storage)) => Ok(*storage),
            _ => {
                let (name, value) = (self.name(array), self.show(value));
                Err(self.error(format!("array: {name} is {value}, no array")))
            }
        }
    }
}
