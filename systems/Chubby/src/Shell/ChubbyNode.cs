using System.Net;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Chubby;

/// <summary>A member of the cell as a node.</summary>
internal sealed class ChubbyNode(NodeContext context, ChubbyOptions options, int id, int port) : Node(context), ISessionFactory
{
    private INodeListener? _listener;
    private CellMember? _member;
    private ITimer? _timer;

    /// <summary>The member; only on the node's executor.</summary>
    public CellMember Member => _member ?? throw new InvalidOperationException("The node has not started.");

    public static string NameOf(long id) => $"chubby-{id}";

    /// <summary>For the Inside page; only on the node's executor.</summary>
    public ChubbyInside Inside() => ChubbyInside.Read(Member);

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _member = new CellMember(Context, options, id, await CountStartAsync());
        _member.Join(await SoloReplica.OpenAsync(Context.Disk, _member.Apply));
        var often = TimeSpan.FromMilliseconds(Math.Max(1, options.TickTime / 8));
        _timer = Context.Clock.CreateTimer(_ => _member.Tick(), null, often, often);
        _listener = await Context.Network.ListenAsync(port, this, cancellation);
        Context.Log.Write(LogSeverity.Info, $"binding to port {port}");
    }

    public override async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        if (_listener is not null)
            await _listener.CloseAsync();
        foreach (var client in _member?.Connections.ToArray() ?? [])
            client.Close();
        if (_member is not null)
            await _member.Replica.StopAsync();
    }

    public Session? Accept(SessionTransport transport)
    {
        var address = transport.Remote switch
        {
            IPEndPoint socket => socket.Address.ToString(),
            NodeEndPoint node => node.Node,
            _ => "",
        };
        if (options.MaxCnxns > 0 && Member.Connections.Count >= options.MaxCnxns)
        {
            Context.Log.Write(LogSeverity.Warning, $"Too many connections - max is {options.MaxCnxns}");
            return null;
        }
        var mine = new Identity("ip", address);
        if (options.MaxClientCnxns > 0 && Member.Connections.Count(c => c.Identities[0] == mine) >= options.MaxClientCnxns)
        {
            Context.Log.Write(LogSeverity.Warning, $"Too many connections from {address} - max is {options.MaxClientCnxns}");
            return null;
        }
        return new ZooKeeperSession(Member, Member.Add(transport, mine));
    }

    // So that what an earlier life asked for is never taken for this one's.
    private async ValueTask<long> CountStartAsync()
    {
        using var file = await StateFile.OpenAsync(Context.Disk, "starts");
        var start = 1 + (file.HasValue ? BitConverter.ToInt64(file.Value) : 0);
        await file.SaveAsync(BitConverter.GetBytes(start));
        return start & 0xffffff;
    }
}
