"""Runs a command in a network that is this machine alone, and writes down whom it calls beyond it.

    unshare --user --map-root-user --net python tests/security/empty_network.py LOG COMMAND...

Every address leads to this machine's own loopback, where each packet is looked at: so native code
is seen too, whatever it does. LOG gets a line "ADDRESS PORT" for each packet that was meant for
another machine, with the name where one was looked up.
"""

import ipaddress
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

ALL = 0x0003
IPV4, IPV6 = 0x0800, 0x86DD
UDP, TCP = 17, 6
SYN, ACK = 0x02, 0x10
DNS = 53
SETTINGS = (
    "ip link set lo up",
    "ip route add local 0.0.0.0/0 dev lo",
    "ip -6 route add local ::/0 dev lo",
)


def called(packet):
    """Whom a packet calls: address, port, and the name that is looked up; None: nobody else."""
    if packet[0] >> 4 == 4:
        address, protocol = ipaddress.ip_address(packet[16:20]), packet[9]
        body = packet[4 * (packet[0] & 15) :]
    else:
        address, protocol, body = ipaddress.ip_address(packet[24:40]), packet[6], packet[40:]
    is_call = protocol == UDP or (protocol == TCP and body[13] & (SYN | ACK) == SYN)
    if not is_call or address.is_loopback or address.is_multicast:
        return None
    port = struct.unpack(">H", body[2:4])[0]
    name = asked(body[8:]) if protocol == UDP and port == DNS else ""
    return f"{address} {port} {name}".rstrip()


def asked(message):
    """The name a DNS question is about."""
    labels, place = [], 12
    while message[place]:
        labels.append(message[place + 1 : place + 1 + message[place]].decode("ascii", "replace"))
        place += message[place] + 1
    return ".".join(labels)


def watch(sniffer, log):
    with log.open("a", encoding="utf-8", buffering=1) as lines:
        while True:
            packet, (_, kind, direction, *_) = sniffer.recvfrom(65_536)
            if kind in (IPV4, IPV6) and direction == socket.PACKET_OUTGOING:
                call = called(packet[14:])
                if call:
                    lines.write(f"{call}\n")


def main(log, *command):
    for setting in SETTINGS:
        done = subprocess.run(setting.split(), capture_output=True, text=True)
        if done.returncode and "-6" not in setting:  # a machine may be without IPv6
            raise SystemExit(f"{setting}: {done.stderr}")
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
    threading.Thread(target=watch, args=(sniffer, Path(log)), daemon=True).start()
    code = subprocess.run(command).returncode
    threading.Event().wait(0.3)  # until what was sent last has been looked at
    return code


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
