using System.Text;

namespace Microcosm.Redis.Tests;

/// <summary>Plain bytes to a server and back.</summary>
internal static class RawBytes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task SendAsync(this Stream stream, string latin1)
    {
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(latin1));
            await stream.FlushAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Closed while it was sent; what is read says so.
        }
    }

    /// <summary>What comes until the server closes, or until <paramref name="end"/> is the last of it.</summary>
    public static async Task<(string Text, bool Closed)> ReadAsync(this Stream stream, string? end = null)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        while (end is null || !text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var n = 0;
            try
            {
                n = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
            }
            if (n == 0)
                return (text.ToString(), true);
            text.Append(Encoding.Latin1.GetString(buffer, 0, n));
        }
        return (text.ToString(), false);
    }

    public static async Task<string> AskAsync(this Stream stream, string request)
    {
        await stream.SendAsync(request);
        return (await stream.ReadAsync("\r\n")).Text;
    }

    /// <summary>Clients of the server, asked until they are so many or patience ends: each question is a turn of its own.</summary>
    public static async Task<int> CountClientsAsync(this Stream stream, int wanted)
    {
        var clients = -1;
        for (var i = 0; i < 20_000 && clients != wanted; i++)
        {
            await stream.SendAsync("CLIENT LIST\r\n");
            clients = (await stream.ReadAsync("\n\r\n")).Text.Split('\n').Count(l => l.StartsWith("id=", StringComparison.Ordinal));
        }
        return clients;
    }
}
