//! The TypeScript types of every command, written from the same table that dispatches them.

use std::fmt::Write as _;
use std::path::Path;

use ts_rs::{Config, ExportError, TS};

use shared::wire::pricing::PricingAsk;

use super::table::command_table;
use crate::views::*;

/// Writes all types that the screens need, and `commands.ts` with the input and output of every command, into `dir`.
///
/// # Errors
/// What could not be written.
pub fn write_bindings(dir: &Path) -> Result<(), BindingsError> {
    let config = Config::new().with_out_dir(dir).with_large_int("number");
    let mut imports = std::collections::BTreeSet::new();
    let mut rows = String::new();
    macro_rules! rows {
        ($($name:literal => $room:ident :: $handler:ident : $input:ty => $output:ty, $kind:ident $([$($told:ident),*])?;)*) => {$(
            <$input>::export_all(&config)?;
            <$output>::export_all(&config)?;
            imports.extend([<$input>::ident(&config), <$output>::ident(&config)]);
            let _ = writeln!(rows, "  \"{}\": {{ input: {}; output: {} }};",
                $name, <$input>::name(&config), <$output>::name(&config));
        )*};
    }
    command_table!(rows);
    CommandErrorView::export_all(&config)?;
    Changed::export_all(&config)?;
    let mut file =
        String::from("// Generated from the engine's command table by the test `bindings`. Do not edit.\n");
    for name in imports {
        let _ = writeln!(file, "import type {{ {name} }} from \"./{name}\";");
    }
    let _ = write!(
        file,
        "\n/** Input and output of every command. */\nexport interface Commands {{\n{rows}}}\n\n\
         /** The name of a command. */\nexport type CommandName = keyof Commands;\n"
    );
    std::fs::write(dir.join("commands.ts"), file)?;
    let words = serde_json::to_string(&ChangedWord::ALL)?;
    let words = format!(
        "// Generated from the engine by the test `bindings`. Do not edit.\n\n\
         /** Every word of a change. */\nexport const WORDS = {words} as const;\n"
    );
    std::fs::write(dir.join("words.ts"), words)?;
    Ok(())
}

/// The types could not be written.
#[derive(Debug, thiserror::Error)]
pub enum BindingsError {
    /// By ts-rs.
    #[error("writing the type of a command")]
    Export(#[from] ExportError),
    /// The words of changes.
    #[error("writing the words of changes")]
    Words(#[from] serde_json::Error),
    /// The file of commands.
    #[error("writing the file of commands")]
    Write(#[from] std::io::Error),
}
