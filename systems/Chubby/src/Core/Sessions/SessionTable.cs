namespace Microcosm.Chubby;

/// <summary>All sessions of the cell.</summary>
internal sealed class SessionTable
{
    private readonly SortedDictionary<long, ClientSession> _sessions = [];

    public int Count => _sessions.Count;

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyCollection<ClientSession> All => _sessions.Values;

    public ClientSession? Find(long id) => _sessions.GetValueOrDefault(id);

    public bool TryAdd(ClientSession session) => _sessions.TryAdd(session.Id, session);

    public void Remove(long id) => _sessions.Remove(id);
}
