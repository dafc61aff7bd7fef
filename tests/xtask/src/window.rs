//! The smoke suite in the real window: Xvfb, a session bus of its own and WebKit's driver.

use std::path::Path;
use std::process::Command;

use crate::process;

/// The command that runs the suite.
pub fn smoke(root: &Path, programs: &Path) -> Command {
    let mut command = process::command("dbus-run-session", &root.join("tests/e2e"));
    command.args(["--", "npm", "run", "--silent", "test:window"]);
    command.env("NO_COLOR", "1").env("NO_AT_BRIDGE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    command.env("KEDAI_ROOT", root).env("KEDAI_PROGRAMS", programs);
    command.env("KEDAI_WINDOW", programs.join("kedai-terminal"));
    command
}
