using System.Net;

namespace Microcosm;

/// <summary>How a world is made.</summary>
public sealed class WorldOptions
{
    /// <summary>Where every random decision comes from; the same seed makes the same ones.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>Folder that nodes keep their disks in, one each; null keeps them in memory.</summary>
    public string? DataFolder { get; set; }

    /// <summary>Which real ports nodes get.</summary>
    public PortPolicy Ports { get; set; } = PortPolicy.Ephemeral;

    /// <summary>Address to listen on. Anything but loopback is refused: systems without authentication must not be reachable.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>True uses Kestrel's sockets instead of the event loop, as other systems than Linux do.</summary>
    public bool PortableSockets { get; set; }
}
