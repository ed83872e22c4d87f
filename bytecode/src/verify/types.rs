//! The table of types: that it is well formed, and which types may stand for which.

use super::error::{show, show_type};
use super::value::Value;
use super::{MAX_FIELDS, MAX_PARAMS, MAX_RESULTS, VerifyError};
use crate::{Field, FuncId, Function, Module, RegType, Signature, Storage, TypeDef, TypeId};
use std::collections::HashSet;

/// The types of a module, checked, with what is needed to compare them quickly.
pub(super) struct Types<'m> {
    pub(super) module: &'m Module,
    /// The rows of all traits: the trait and the implementing type.
    impls: HashSet<(TypeId, TypeId)>,
    /// Whether each type is in an enum's list.
    listed: Vec<bool>,
}

impl<'m> Types<'m> {
    /// Checks the table of types.
    pub(super) fn check(module: &'m Module) -> Result<Types<'m>, VerifyError> {
        let types = Types { module, impls: impl_rows(module)?, listed: listed_variants(module) };
        for (index, def) in module.types.iter().enumerate() {
            types
                .check_type(index, def)
                .map_err(|reason| VerifyError::new(format!("type {index}"), reason))?;
        }
        match module.types.first() {
            Some(TypeDef::Str) => Ok(types),
            _ => Err(VerifyError::new("type 0", "the first type of a module is `str`")),
        }
    }

    /// The definition of a type that is known to exist.
    pub(super) fn get(&self, id: TypeId) -> Option<&'m TypeDef> {
        self.module.types.get(id.0 as usize)
    }

    /// Whether a value may be put where `to` is expected.
    #[inline]
    pub(super) fn fits(&self, value: Value, to: RegType) -> bool {
        match (value, to) {
            (Value::Of(ty), to) if ty == to => true,
            (Value::Null, RegType::RefNull(_)) => true,
            (Value::Of(RegType::Ref(sub)), RegType::Ref(sup) | RegType::RefNull(sup))
            | (Value::Of(RegType::RefNull(sub)), RegType::RefNull(sup)) => self.is_subtype(sub, sup),
            _ => false,
        }
    }

    /// Whether every object of one type may stand for one of the other.
    fn is_subtype(&self, sub: TypeId, sup: TypeId) -> bool {
        if sub == sup || self.impls.contains(&(sup, sub)) {
            return true;
        }
        match self.get(sub) {
            Some(TypeDef::Variant { of, .. } | TypeDef::Closure { of, .. }) => {
                *of == sup || self.impls.contains(&(sup, *of))
            }
            _ => false,
        }
    }

    fn check_type(&self, index: usize, def: &TypeDef) -> Result<(), String> {
        let this = TypeId(index as u32);
        match def {
            TypeDef::Str if index == 0 => Ok(()),
            TypeDef::Str => Err("`str` is type 0 alone".to_owned()),
            TypeDef::Array(storage) => self.check_storage(*storage),
            TypeDef::Struct { fields, .. } => self.check_fields(fields),
            TypeDef::Enum { variants, .. } => self.check_enum(this, variants),
            TypeDef::Variant { of, fields, .. } => {
                self.check_variant(this, *of)?;
                self.check_fields(fields)
            }
            TypeDef::Function(signature) => check_signature(self.module, signature),
            TypeDef::Closure { of, function, captures } => {
                self.check_fields(captures)?;
                self.check_closure(this, *of, *function)
            }
            TypeDef::Trait { methods, impls, .. } => self.check_trait(this, methods, impls),
        }
    }

    fn check_fields(&self, fields: &[Field]) -> Result<(), String> {
        if fields.len() > MAX_FIELDS {
            return Err(format!("{} fields are more than {MAX_FIELDS}", fields.len()));
        }
        fields.iter().try_for_each(|field| {
            self.check_storage(field.storage).map_err(|reason| format!("field `{}`: {reason}", field.name))
        })
    }

    fn check_storage(&self, storage: Storage) -> Result<(), String> {
        check_reg_type(self.module, storage.register())
    }

    /// Each variant belongs to the enum and stands once in its list.
    fn check_enum(&self, this: TypeId, variants: &[TypeId]) -> Result<(), String> {
        let mut seen = HashSet::with_capacity(variants.len());
        for id in variants {
            match self.get(*id) {
                Some(TypeDef::Variant { of, .. }) if *of == this => {}
                _ => return Err(format!("{} is no variant of it", show_type(self.module, *id))),
            }
            if !seen.insert(*id) {
                return Err(format!("{} is listed twice", show_type(self.module, *id)));
            }
        }
        Ok(())
    }

    fn check_variant(&self, this: TypeId, of: TypeId) -> Result<(), String> {
        // An enum lists none but its own, so that a variant that is listed at all is listed by its enum.
        let listed = self.listed.get(this.0 as usize) == Some(&true);
        match self.get(of) {
            Some(TypeDef::Enum { .. }) if listed => Ok(()),
            _ => Err(format!("{} does not list this variant", show_type(self.module, of))),
        }
    }

    /// The code takes the closure and what the function type says, and gives what that says.
    fn check_closure(&self, this: TypeId, of: TypeId, function: FuncId) -> Result<(), String> {
        let Some(TypeDef::Function(signature)) = self.get(of) else {
            return Err(format!("{} is no function type", show_type(self.module, of)));
        };
        self.check_code(function, RegType::Ref(this), &signature.params, &signature.results)
    }

    fn check_trait(
        &self,
        this: TypeId,
        methods: &[Signature],
        impls: &[(TypeId, Vec<FuncId>)],
    ) -> Result<(), String> {
        for (number, method) in methods.iter().enumerate() {
            check_signature(self.module, method).map_err(|reason| format!("method {number}: {reason}"))?;
            if method.params.first() != Some(&RegType::Ref(this)) {
                return Err(format!("method {number} does not take a `ref` to this trait first"));
            }
        }
        for (ty, code) in impls {
            let describe = |reason: String| format!("its row for {}: {reason}", show_type(self.module, *ty));
            if matches!(self.get(*ty), None | Some(TypeDef::Trait { .. })) {
                return Err(describe("no object has this type".to_owned()));
            }
            if code.len() != methods.len() {
                return Err(describe(format!("{} functions for {} methods", code.len(), methods.len())));
            }
            for (function, method) in code.iter().zip(methods) {
                self.check_code(*function, RegType::Ref(*ty), &method.params[1..], &method.results)
                    .map_err(describe)?;
            }
        }
        Ok(())
    }

    /// Whether a function may be called with a receiver and parameters of these types, for these results.
    fn check_code(
        &self,
        function: FuncId,
        receiver: RegType,
        params: &[RegType],
        results: &[RegType],
    ) -> Result<(), String> {
        let code = (self.module.functions.get(function.0 as usize))
            .ok_or_else(|| format!("there is no function {}", function.0))?;
        let describe = |reason: String| format!("function {} `{}` {reason}", function.0, code.name);
        let takes = code.param_types();
        if takes.len() != params.len() + 1 || code.results.len() != results.len() {
            return Err(describe("has another number of parameters or results".to_owned()));
        }
        let given = std::iter::once(&receiver).chain(params);
        for (number, (from, to)) in given.zip(takes).chain(code.results.iter().zip(results)).enumerate() {
            if !self.fits(Value::Of(*from), *to) {
                let place = match number.checked_sub(takes.len()) {
                    Some(result) => format!("result {result}"),
                    None => format!("parameter {number}"),
                };
                let (from, to) = (show(self.module, *from), show(self.module, *to));
                return Err(describe(format!("does not match: {place} would take {from} for {to}")));
            }
        }
        Ok(())
    }
}

impl Function {
    /// The types of its parameters.
    ///
    /// # Panics
    /// Where it has fewer registers than parameters, which no verified module does.
    pub fn param_types(&self) -> &[RegType] {
        &self.registers[..self.params as usize]
    }
}

/// All rows of all traits; a type has one row at most in each.
fn impl_rows(module: &Module) -> Result<HashSet<(TypeId, TypeId)>, VerifyError> {
    let mut rows = HashSet::new();
    for (index, def) in module.types.iter().enumerate() {
        let TypeDef::Trait { impls, .. } = def else { continue };
        for (ty, _) in impls {
            if !rows.insert((TypeId(index as u32), *ty)) {
                let reason = format!("it has two rows for {}", show_type(module, *ty));
                return Err(VerifyError::new(format!("type {index}"), reason));
            }
        }
    }
    Ok(rows)
}

/// Which types stand in the list of an enum.
fn listed_variants(module: &Module) -> Vec<bool> {
    let mut listed = vec![false; module.types.len()];
    for def in &module.types {
        let TypeDef::Enum { variants, .. } = def else { continue };
        for id in variants {
            if let Some(entry) = listed.get_mut(id.0 as usize) {
                *entry = true;
            }
        }
    }
    listed
}

/// Whether the type that a register's type names exists.
pub(super) fn check_reg_type(module: &Module, ty: RegType) -> Result<(), String> {
    match ty {
        RegType::Ref(id) | RegType::RefNull(id) if id.0 as usize >= module.types.len() => {
            Err(format!("there is no type {}", id.0))
        }
        _ => Ok(()),
    }
}

/// Whether a signature's types exist and are not too many.
pub(super) fn check_signature(module: &Module, signature: &Signature) -> Result<(), String> {
    if signature.params.len() > MAX_PARAMS || signature.results.len() > MAX_RESULTS {
        return Err(format!("more than {MAX_PARAMS} parameters or {MAX_RESULTS} results"));
    }
    (signature.params.iter().chain(&signature.results)).try_for_each(|ty| check_reg_type(module, *ty))
}
