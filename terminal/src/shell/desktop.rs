//! The engine in a window of its own, by Tauri: the same screens, one command `rpc`, one event `changed`.
//!
//! The page may do nothing but that: the capability file names both, and the content security policy lets it load only
//! what is built into the program.

mod customer;

use std::sync::Arc;

use tauri::webview::DownloadEvent;
use tauri::{AppHandle, Emitter as _, Manager as _, State, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use crate::engine::{ClientId, Engine};
use crate::views::{Changed, CommandErrorView};

/// The window's name, as the capability file has it.
const WINDOW: &str = "till";
/// WebKit draws slowly, or nothing at all, through this path on machines without a fitting graphics driver.
#[cfg(target_os = "linux")]
const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Why the window did not open.
#[derive(Debug, thiserror::Error)]
pub enum DesktopError {
    /// The window system refused.
    #[error("the window could not be opened")]
    Window(#[from] tauri::Error),
    /// The program could not be started with the environment that the window needs.
    #[error("starting again with the environment that the window needs")]
    Environment(#[source] std::io::Error),
}

/// Starts this program again in its own place with what the window needs in its environment, unless it is there already.
/// To be called before anything is opened.
///
/// # Errors
/// When the program cannot be started again.
#[cfg(target_os = "linux")]
pub fn prepare_environment() -> Result<(), DesktopError> {
    use std::os::unix::process::CommandExt as _;
    if std::env::var_os(DMABUF).is_some() {
        return Ok(());
    }
    let program = std::env::current_exe().map_err(DesktopError::Environment)?;
    // Comes back only when it failed: a running process cannot safely change its own environment.
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(DMABUF, "1").exec();
    Err(DesktopError::Environment(error))
}

/// Elsewhere the window needs nothing.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
pub fn prepare_environment() -> Result<(), DesktopError> {
    Ok(())
}

/// Opens the window and stays until it is closed or `told_to_stop` ends. On the whole screen it refuses to be closed by hand.
///
/// # Errors
/// When there is no display or the window system refuses.
pub fn run(
    engine: Arc<Engine>,
    fullscreen: bool,
    told_to_stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), DesktopError> {
    let listening = engine.clone();
    let app = tauri::Builder::default()
        .manage(engine)
        .invoke_handler(tauri::generate_handler![rpc])
        .on_window_event(move |window, event| {
            match event {
                WindowEvent::CloseRequested { api, .. } if fullscreen && window.label() == WINDOW => {
                    api.prevent_close();
                    let _ = window.set_focus();
                }
                // The customer's window alone is no till.
                WindowEvent::Destroyed if window.label() == WINDOW => window.app_handle().exit(0),
                _ => {}
            }
        })
        .setup(move |app| {
            let mut window = WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::default())
                .title("Kedai")
                .inner_size(1280.0, 800.0)
                .min_inner_size(640.0, 480.0)
                .fullscreen(fullscreen)
                .on_navigation(is_own)
                // It goes to the person's own downloads under a new name; nothing comes from elsewhere.
                .on_download(|_, event| match event {
                    DownloadEvent::Requested { url, .. } => url.scheme() == "blob",
                    _ => true,
                });
            if fullscreen {
                window = window.decorations(false);
            }
            window.build()?;
            tauri::async_runtime::spawn(customer::keep(app.handle().clone(), Arc::downgrade(&listening)));
            tauri::async_runtime::spawn(forward(app.handle().clone(), listening));
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                told_to_stop.await;
                handle.exit(0);
            });
            Ok(())
        })
        .build(tauri::generate_context!())?;
    // `run` would end the process; this comes back, so that the engine is stopped in order.
    app.run_return(|_, _| {});
    Ok(())
}

/// A till shows its own screens and nothing else. What they made themselves is a file to be kept.
fn is_own(url: &tauri::Url) -> bool {
    matches!(url.scheme(), "tauri" | "blob") || url.host_str() == Some("tauri.localhost")
}

/// The one command: hands JSON to the engine, off the window's own thread.
#[tauri::command]
async fn rpc(
    window: tauri::WebviewWindow,
    engine: State<'_, Arc<Engine>>,
    command: String,
    input: serde_json::Value,
) -> Result<serde_json::Value, CommandErrorView> {
    let engine = engine.inner().clone();
    let name = command.clone();
    let client = match window.label() {
        WINDOW => ClientId::window(),
        label => customer::client(label, &command)?,
    };
    tauri::async_runtime::spawn_blocking(move || engine.call(&client, &command, input)).await.unwrap_or_else(
        |panic| {
            tracing::error!(%panic, "a command ended in a panic");
            Err(crate::commands::fault(&name))
        },
    )
}

async fn forward(app: AppHandle, engine: Arc<Engine>) {
    let mut changes = engine.subscribe();
    drop(engine);
    loop {
        let changed = match changes.recv().await {
            Ok(changed) => changed,
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => Changed::everything(),
            Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
        };
        if app.get_webview_window(WINDOW).is_none() || app.emit_to(WINDOW, "changed", &changed).is_err() {
            return;
        }
        // It may be gone at any moment, and asks by itself when it is back.
        let _ = app.emit_to(customer::WINDOW, "changed", &changed);
    }
}
