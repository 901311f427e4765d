using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

/// <summary>Random bytes on the wire, by a fixed seed: an error or the end of the connection, and nobody else is disturbed.</summary>
public sealed class NoiseTests
{
    private const int Connections = 200;

    // Whatever line the noise left open gets too long by this.
    private static readonly string Tail = new string('x', 2 * RespReader.InlineBytesMax) + "\r\n";

    [Theory, EveryCarrier]
    public async Task Noise_ends_in_an_error_or_a_close_and_others_are_served(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier);
        await using var other = await carried.ConnectAsync();
        Assert.Equal("+OK\r\n", await other.AskAsync("SET k v\r\n"));
        var random = new Seed(20261125).Stream("noise");
        var errors = 0;
        for (var i = 0; i < Connections; i++)
        {
            await using var stream = await carried.ConnectAsync();
            var noise = Noise(random);
            await stream.SendAsync(noise + Tail);
            var (text, closed) = await stream.ReadAsync("\r\n");
            Assert.True(closed || text.StartsWith('-'), $"noise {i}: {Convert.ToHexString(Encoding.Latin1.GetBytes(noise))}\n{text}");
            errors += text.StartsWith('-') ? 1 : 0;
            await other.SendAsync($"ECHO still-{i}\r\n");
            Assert.False((await other.ReadAsync($"still-{i}\r\n")).Closed);
        }
        // Not all of it is just cut off.
        Assert.InRange(errors, Connections / 2, Connections);
        Assert.Equal(1, await other.CountClientsAsync(1));
        await other.SendAsync("GET k\r\n");
        Assert.Equal("$1\r\nv\r\n", (await other.ReadAsync("v\r\n")).Text);
    }

    // Half of it begins as a request does, or it would nearly all be inline commands.
    private static string Noise(RandomStream random)
    {
        var bytes = new byte[random.Next(1, 2000)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)random.Next(256);
        return (random.Chance(0.5) ? $"*{random.Next(1, 5)}\r\n" : "") + (random.Chance(0.3) ? "$" : "") + Encoding.Latin1.GetString(bytes);
    }
}
