//! Network printers that announce themselves: DNS-SD (RFC 6763) by multicast DNS (RFC 6762).

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::{Duration, Instant};

use mdns_sd::{ServiceDaemon, ServiceEvent};

/// What printers announce that take raw bytes at a port, usually 9100.
const RAW: &str = "_pdl-datastream._tcp.local.";
/// More printers than a shop has.
const MOST: usize = 32;

/// A printer found on the network.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NetworkPrinter {
    /// What it calls itself.
    pub name: String,
    /// Where it takes its bytes.
    pub addr: SocketAddr,
}

/// The printers that answer within `patience`, by name; none when the network cannot be asked.
pub fn list(patience: Duration) -> Vec<NetworkPrinter> {
    let Ok(daemon) = ServiceDaemon::new() else { return Vec::new() };
    let Ok(events) = daemon.browse(RAW) else { return Vec::new() };
    let until = Instant::now() + patience;
    let mut found: Vec<NetworkPrinter> = Vec::new();
    while found.len() < MOST {
        let Some(left) = until.checked_duration_since(Instant::now()) else { break };
        match events.recv_timeout(left) {
            Ok(ServiceEvent::ServiceResolved(service)) => {
                let called = service.get_property_val_str("ty").map(str::to_owned);
                let printer = named(
                    called,
                    &service.fullname,
                    service.get_addresses_v4().into_iter().min(),
                    service.port,
                );
                found.extend(printer.filter(|printer| !found.contains(printer)));
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    // It ends by itself a moment later; nobody waits for that.
    let _ = daemon.shutdown();
    found.sort();
    found
}

/// A printer by its model's name, else by the name it is announced under; None without an address.
fn named(model: Option<String>, fullname: &str, ip: Option<Ipv4Addr>, port: u16) -> Option<NetworkPrinter> {
    let announced = fullname.strip_suffix(RAW).unwrap_or(fullname).trim_end_matches('.');
    let name = model.filter(|model| !model.trim().is_empty()).unwrap_or_else(|| announced.to_owned());
    let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    let addr = SocketAddrV4::new(ip.filter(|ip| !ip.is_unspecified() && !ip.is_multicast())?, port);
    (port != 0).then(|| NetworkPrinter { name, addr: addr.into() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_printer_is_known_by_its_model_or_by_what_it_is_announced_as() {
        let ip = Some(Ipv4Addr::new(192, 168, 1, 50));
        let fullname = format!("EPSON TM-m30 (AB12).{RAW}");
        let called = |model: Option<&str>| named(model.map(str::to_owned), &fullname, ip, 9100).unwrap().name;
        assert_eq!(called(Some("EPSON TM-m30")), "EPSON TM-m30");
        assert_eq!(called(None), "EPSON TM-m30 (AB12)");
        assert_eq!(called(Some("\u{1b}p\0\0 ")), "p ");
        assert_eq!(named(None, &fullname, ip, 9100).unwrap().addr.to_string(), "192.168.1.50:9100");
    }

    #[test]
    fn what_cannot_be_reached_is_no_printer() {
        let fullname = format!("X.{RAW}");
        let ip = |text: &str| Some(text.parse().unwrap());
        for (ip, port) in
            [(None, 9100), (ip("0.0.0.0"), 9100), (ip("224.0.0.251"), 9100), (ip("10.0.0.1"), 0)]
        {
            assert_eq!(named(None, &fullname, ip, port), None);
        }
    }
}
