//! The customer's window: on the second monitor, over all of it, for as long as there is one and a manager wants it.

use std::sync::Weak;
use std::time::Duration;

use tauri::{
    AppHandle, Manager as _, Monitor, PhysicalPosition, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
};

use super::is_own;
use crate::commands;
use crate::engine::{ClientId, Engine};
use crate::views::CommandErrorView;

/// The window's name, as the capability file has it.
pub(super) const WINDOW: &str = "customer";
/// What it is answered; a page that a customer can touch is told nothing else.
const ANSWERED: [&str; 2] = ["customer_screen.show", "customer_screen.picture"];
/// Monitors come and go with their plugs, and nobody says so.
const LOOK: Duration = Duration::from_secs(2);

/// It has so many looks to come to its monitor.
const LOOKS: u8 = 2;

/// Who asks from the window of that name.
///
/// # Errors
/// `unknown_command` for a command that it is not answered, and for every other window.
pub(super) fn client(label: &str, command: &str) -> Result<ClientId, CommandErrorView> {
    if label == WINDOW && ANSWERED.contains(&command) {
        return Ok(ClientId::customer());
    }
    Err(commands::unknown(command))
}

/// Opens and closes the window as monitors come and go, until the engine ends.
pub(super) async fn keep(app: AppHandle, engine: Weak<Engine>) {
    let mut place = Place::default();
    while let Some(engine) = engine.upgrade() {
        let Some(till) = app.get_webview_window(super::WINDOW) else { return };
        let second = second_monitor(&till);
        engine.found_customer_monitor(second.is_some());
        let wanted = second.filter(|_| engine.wants_customer_screen());
        drop(engine);
        if let Err(error) = place.bring(&app, wanted) {
            tracing::warn!(%error, "the customer's window could not be brought to its monitor");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A monitor beside the one that the till itself is on.
fn second_monitor(till: &WebviewWindow) -> Option<Monitor> {
    let own = till.current_monitor().ok()??;
    let all = till.available_monitors().ok()?;
    all.into_iter().find(|monitor| monitor.position() != own.position())
}

/// Whether the window came where it belongs; a window system may put it elsewhere, which is over the till.
#[derive(Default)]
struct Place {
    arrived: bool,
    /// How often it was looked for in vain since it was opened.
    missed: u8,
    /// The monitor that it did not come to: it is not tried again there.
    refused: Option<PhysicalPosition<i32>>,
}

impl Place {
    fn bring(&mut self, app: &AppHandle, wanted: Option<Monitor>) -> tauri::Result<()> {
        let window = app.get_webview_window(WINDOW);
        let Some(monitor) = wanted else {
            *self = Self::default();
            return window.map_or(Ok(()), |window| window.destroy());
        };
        let place = *monitor.position();
        let Some(window) = window else {
            (self.arrived, self.missed) = (false, 0);
            return if self.refused == Some(place) { Ok(()) } else { open(app, &monitor) };
        };
        if window.current_monitor()?.is_some_and(|at| *at.position() == place) {
            let is_new = !std::mem::replace(&mut self.arrived, true);
            return if is_new { window.set_fullscreen(true) } else { Ok(()) };
        }
        // One that had arrived was moved by a plug that was pulled and put back: it is opened anew.
        if !self.arrived {
            self.missed += 1;
            if self.missed < LOOKS {
                return Ok(());
            }
            tracing::warn!("the window system does not put the customer's window on the second monitor");
            self.refused = Some(place);
        }
        window.destroy()
    }
}

/// Opens it at the size of its monitor; over all of it only once it is there, never over the till.
fn open(app: &AppHandle, monitor: &Monitor) -> tauri::Result<()> {
    let scale = monitor.scale_factor();
    let (place, size) =
        (monitor.position().to_logical::<f64>(scale), monitor.size().to_logical::<f64>(scale));
    WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::App("index.html#/customer".into()))
        .title("Kedai")
        .position(place.x, place.y)
        .inner_size(size.width, size.height)
        .decorations(false)
        .focused(false)
        .focusable(false)
        .skip_taskbar(true)
        .on_navigation(is_own)
        .build()
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customers_window_is_answered_nothing_but_what_it_shows() {
        for name in commands::NAMES {
            let is_shown = ["customer_screen.show", "customer_screen.picture"].contains(name);
            assert_eq!(client(WINDOW, name).is_ok(), is_shown, "{name}");
            assert!(client("another", name).is_err(), "{name}");
        }
    }
}
