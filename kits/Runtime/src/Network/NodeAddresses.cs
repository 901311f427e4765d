using System.Buffers.Binary;
using System.Net;

namespace Microcosm.Runtime;

/// <summary>
/// The names of a world and the IP addresses behind them, for systems whose configurations and logs speak of addresses: each name gets one,
/// in the order in which they come, from 198.18.0.0/15, which no real network has (RFC 2544). A system's name stands for all of its nodes.
/// Thread-safe.
/// </summary>
public sealed class NodeAddresses
{
    private const uint First = 0xC612_0000;
    private const uint Count = 1 << 17;

    private readonly Lock _gate = new();
    private readonly List<string> _names = [];
    private readonly Dictionary<string, IPAddress> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _systems = new(StringComparer.Ordinal);

    /// <summary>A node is there, whether it runs or not.</summary>
    public void Add(string node, string? system = null)
    {
        lock (_gate)
        {
            AddressOfLocked(node);
            if (system is null || system == node)
                return;
            if (!_systems.TryGetValue(system, out var nodes))
                _systems.Add(system, nodes = []);
            if (!nodes.Contains(node))
                nodes.Add(node);
        }
    }

    /// <summary>The addresses of a node, or of a system's nodes in their order; empty for a name that is not known.</summary>
    public IReadOnlyList<IPAddress> Resolve(string name)
    {
        lock (_gate)
        {
            return _addresses.TryGetValue(name, out var own) ? [own]
                : _systems.TryGetValue(name, out var nodes) ? [.. nodes.Select(AddressOfLocked)] : [];
        }
    }

    /// <summary>The address of a node, or of a client that comes by that name.</summary>
    public IPAddress AddressOf(string name)
    {
        lock (_gate)
            return AddressOfLocked(name);
    }

    /// <summary>Whose address it is; null where it is nobody's.</summary>
    public string? NameAt(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (!address.TryWriteBytes(bytes, out var written) || written != 4)
            return null;
        var index = BinaryPrimitives.ReadUInt32BigEndian(bytes) - First - 1;
        lock (_gate)
            return index < _names.Count ? _names[(int)index] : null;
    }

    private IPAddress AddressOfLocked(string name)
    {
        if (_addresses.TryGetValue(name, out var known))
            return known;
        _names.Add(name);
        // The last one and the first one of the network are nobody's.
        Invariant.Check(_names.Count < Count - 1);
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, First + (uint)_names.Count);
        var address = new IPAddress(bytes);
        _addresses.Add(name, address);
        return address;
    }
}
