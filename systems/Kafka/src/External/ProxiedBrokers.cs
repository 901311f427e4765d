using System.Globalization;
using System.Net;
using System.Text;
using Microcosm.Runtime;
using Microcosm.Storage;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Kafka;

/// <summary>
/// The brokers of the cluster by their ids, each with a port here. A broker keeps its port when it moves, and when the proxy is started
/// again: clients that have it in their metadata find it there. Invariant: no two have the same port.
/// </summary>
internal sealed class ProxiedBrokers(NodeContext context, StateFile file, Func<ProxiedBroker, ValueTask<INodeListener>> listen)
{
    /// <summary>More than any cluster has: further ones are refused.</summary>
    public const int BrokersMax = 1_000;

    /// <summary>Largest record of them on the disk.</summary>
    public const int FileBytesMax = BrokersMax * 512;

    // Port of broker 0. Brokers of clusters that were upgraded begin at 1001.
    private const int PortMin = ProxyNode.BootstrapPort + 1;
    private const int Ports = 20_000;
    private const int HostLengthMax = 255;
    private const string Head = "brokers 1";

    private readonly SortedDictionary<int, ProxiedBroker> _byId = [];
    private bool _isSaving;
    private bool _isChanged;

    public IEnumerable<ProxiedBroker> All => _byId.Values;

    /// <summary>Listens again for those that were known.</summary>
    public async ValueTask RecoverAsync()
    {
        var lines = file.HasValue ? Encoding.UTF8.GetString(file.Value).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [Head];
        if (lines[0] != Head)
            throw new IOException($"'{lines[0]}' is no record of brokers");
        foreach (var fields in lines.Skip(1).Select(l => l.Split(' ')))
        {
            var (id, port, host) = (Number(fields[0]), Number(fields[1]), fields[2]);
            await Find(id, new DnsEndPoint(host, port)).Listening;
        }
    }

    /// <summary>
    /// Where clients find a broker that the cluster says to be at <paramref name="host"/>: on a socket, or inside the world. Throws <see
    /// cref="IOException"/> where no more can be served.
    /// </summary>
    public async ValueTask<(string Host, int Port)> AddressOfAsync(int id, string host, int port, bool isSocket)
    {
        // What is kept is a line a broker.
        if (port is <= 0 or > IPEndPoint.MaxPort || host.Length is 0 or > HostLengthMax || host.Any(c => char.IsWhiteSpace(c)))
            throw new IOException($"broker {id} is at no place that there is: '{host}' port {port}");
        var isKnown = _byId.TryGetValue(id, out var broker);
        if (!isKnown)
            broker = Find(id, new DnsEndPoint(host, port));
        var hasMoved = broker!.Upstream.Host != host || broker.Upstream.Port != port;
        if (hasMoved)
            broker.Upstream = new DnsEndPoint(host, port);
        if (!isKnown || hasMoved)
            Save();
        await broker.Listening;
        return isSocket && broker.Listener!.Socket is { } socket ? (socket.Address.ToString(), socket.Port)
            : (broker.Listener!.Address.Node, broker.Listener.Address.Port);
    }

    public async ValueTask CloseAsync()
    {
        foreach (var broker in _byId.Values.ToArray())
        {
            if (broker.Listener is { } listener)
                await listener.CloseAsync();
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private ProxiedBroker Find(int id, DnsEndPoint upstream)
    {
        if (_byId.Count >= BrokersMax)
            throw new IOException($"the proxy serves {BrokersMax} brokers at most");
        var port = PortMin + (int)((uint)id % Ports);
        while (_byId.Values.Any(b => b.Port == port))
            port = port + 1 < PortMin + Ports ? port + 1 : PortMin;
        var broker = new ProxiedBroker(id, upstream) { Port = port };
        _byId.Add(id, broker);
        broker.Listening = ListenAsync(broker);
        return broker;
    }

    private async Task ListenAsync(ProxiedBroker broker)
    {
        try
        {
            broker.Listener = await listen(broker);
        }
        catch (AddressInUseException e)
        {
            // It is tried again when somebody is to be told of the broker.
            _byId.Remove(broker.Id);
            throw new IOException($"broker {broker.Id} cannot be served: {e.Message}", e);
        }
        context.Log.Write(LogSeverity.Info, $"Broker {broker.Id} at {ExternalKafkaOptions.Show(broker.Upstream)} is served at "
            + $"{broker.Listener.Socket?.ToString() ?? broker.Listener.Address.ToString()}");
    }

    // async void: a disk that fails ends the node. What is lost in a crash is learnt again.
    private async void Save()
    {
        _isChanged = true;
        if (_isSaving)
            return;
        _isSaving = true;
        while (_isChanged)
        {
            _isChanged = false;
            var lines = _byId.Values.Select(b => $"{b.Id} {b.Upstream.Port} {b.Upstream.Host}").Prepend(Head);
            await file.SaveAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        }
        _isSaving = false;
    }
}
