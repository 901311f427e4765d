namespace Microcosm.Cli;

/// <summary>redis-cli at its prompt. Like the real one it says when the connection is lost,
/// and makes a new one for the next command.</summary>
internal sealed class RedisCliSession(int shownPort, int port) : IClientSession
{
    private RespConnection? _connection;
    private bool _isInTransaction;

    public string Prompt => $"127.0.0.1:{shownPort}{(_isInTransaction ? "(TX)" : "")}>";

    public async Task<string> SendAsync(string line)
    {
        var words = ShellWords.Split(line);
        try
        {
            var printed = await (_connection ??= new RespConnection(port)).AskAsync(words);
            _isInTransaction = words[0].ToUpperInvariant() switch
            {
                "MULTI" => printed == "OK",
                "EXEC" or "DISCARD" => false,
                _ => _isInTransaction,
            };
            return printed;
        }
        catch (IOException e)
        {
            Dispose();
            (_connection, _isInTransaction) = (null, false);
            return e.Message;
        }
    }

    public void Dispose() => _connection?.Dispose();
}
