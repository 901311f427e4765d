using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>
/// A server as a node. At the end of a turn its changes are committed, once for all of them; then its replies leave, those of reads too,
/// which may show a change that is not yet safe.
/// </summary>
internal sealed class SpecimenNode(NodeContext context, SpecimenOptions options, int port) : Node(context), ISessionFactory
{
    private readonly KeyTable _table = new(options.KeysMax);
    private readonly HashSet<SpecimenSession> _sessions = [];
    private readonly List<SpecimenSession> _touched = [];
    private INodeListener? _listener;
    private ChangeLog? _log;

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _log = await ChangeLog.OpenAsync(Context.Disk, _table);
        _listener = await Context.Network.ListenAsync(port, this, cancellation);
        Context.Log.Write(LogSeverity.Info, $"Ready; {_table.Count} keys");
    }

    public override async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (_listener is not null)
            await _listener.CloseAsync();
        if (_log is not null)
            await _log.CloseAsync();
    }

    public override ValueTask CheckpointAsync(CancellationToken cancellation) => _log!.CommitAsync(_table);

    public override SpecimenInside Inside() => SpecimenInside.Read(_table, _log!, _sessions.Count);

    public Session? Accept(SessionTransport transport)
    {
        if (_sessions.Count >= options.ConnectionsMax)
        {
            transport.Output.Write(Encoding.UTF8.GetBytes($"ERR {SpecimenErrors.TooManyConnections}\n"));
            transport.ReleaseAll();
            return null;
        }
        var session = new SpecimenSession(this, new Dispatcher(Context, _table, _log!), options, transport);
        _sessions.Add(session);
        return session;
    }

    /// <summary>A session has something to send, or to close, when this turn's changes are safe.</summary>
    public void Touch(SpecimenSession session)
    {
        if (_touched.Count == 0)
            Context.Executor.AtTurnEnd(TurnPhase.Commit, EndTurn);
        _touched.Add(session);
    }

    public void Gone(SpecimenSession session) => _sessions.Remove(session);

    // async void: a disk that fails ends the node, which recovers from what the disk has. Replies of later turns may be written meanwhile;
    // only what stood in the buffers when this turn ended is let go.
    private async void EndTurn()
    {
        var replies = _touched.Select(session => (Session: session, session.ReplyEnd)).ToArray();
        _touched.Clear();
        if (Bug.IsPlanted("specimen/acknowledged-before-sync"))
            Release(replies);
        await _log!.CommitAsync(_table);
        Release(replies);
    }

    private static void Release((SpecimenSession Session, long End)[] replies)
    {
        foreach (var (session, end) in replies)
            session.Release(end);
    }
}
