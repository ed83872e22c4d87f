//! Parameters that every edge gives the same value, or themselves, are that value.

use crate::jit::ir::{Function, Value};

/// Values that stand for others.
pub(super) struct Renames(Vec<Value>);

impl Renames {
    pub(super) fn new(func: &Function) -> Renames {
        Renames((0..func.types.len() as u32).map(Value).collect())
    }

    /// What a value stands for; one that is newer than this stands for itself.
    pub(super) fn find(&mut self, value: Value) -> Value {
        let mut root = value;
        while let Some(next) = self.0.get(root.0 as usize)
            && *next != root
        {
            root = *next;
        }
        let mut at = value;
        while at != root {
            at = std::mem::replace(&mut self.0[at.0 as usize], root);
        }
        root
    }

    /// From now on `value` stands for `other`.
    pub(super) fn set(&mut self, value: Value, other: Value) {
        let other = self.find(other);
        self.0[value.0 as usize] = other;
    }

    /// Puts every use right.
    pub(super) fn apply(&mut self, func: &mut Function) {
        for block in &mut func.blocks {
            block.map_uses(|value| self.find(value));
        }
    }
}

/// Drops parameters until none is left that needs not be one.
pub(super) fn simplify(func: &mut Function) {
    let incoming = incoming(func);
    let mut renames = Renames::new(func);
    let mut gone: Vec<Vec<bool>> = func.blocks.iter().map(|block| vec![false; block.params.len()]).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for (index, block) in func.blocks.iter().enumerate().skip(1) {
            for (place, param) in block.params.iter().enumerate() {
                if gone[index][place] {
                    continue;
                }
                if let Some(value) = only(&incoming[index], place, *param, &mut renames) {
                    renames.set(*param, value);
                    gone[index][place] = true;
                    changed = true;
                }
            }
        }
    }
    remove(func, &gone);
    renames.apply(func);
}

/// The arguments of all edges to each block.
fn incoming(func: &Function) -> Vec<Vec<Vec<Value>>> {
    let mut incoming = vec![Vec::new(); func.blocks.len()];
    for block in &func.blocks {
        for edge in block.term.edges() {
            incoming[edge.to.0 as usize].push(edge.args.clone());
        }
    }
    incoming
}

/// The one value that a parameter can have.
fn only(edges: &[Vec<Value>], place: usize, param: Value, renames: &mut Renames) -> Option<Value> {
    let mut found = None;
    for edge in edges {
        let value = renames.find(edge[place]);
        if value == param || found == Some(value) {
            continue;
        }
        if found.replace(value).is_some() {
            return None;
        }
    }
    found
}

/// Takes parameters and their arguments away.
fn remove(func: &mut Function, gone: &[Vec<bool>]) {
    for (index, block) in func.blocks.iter_mut().enumerate() {
        let mut dropped = gone[index].iter();
        block.params.retain(|_| !*dropped.next().unwrap_or(&false));
        for edge in block.term.edges_mut() {
            let mut dropped = gone[edge.to.0 as usize].iter();
            edge.args.retain(|_| !*dropped.next().unwrap_or(&false));
        }
    }
}
