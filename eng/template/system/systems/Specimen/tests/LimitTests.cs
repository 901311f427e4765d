namespace Microcosm.Specimen.Tests;

/// <summary>Every limit is met and passed.</summary>
public sealed class LimitTests
{
    [Fact]
    [Trait("Limit", "connections-max")]
    public async Task The_connection_after_connections_max_is_told_and_closed()
    {
        await using var served = await ServedSpecimen.StartAsync(o => o.ConnectionsMax = 1);
        await using var first = await served.ConnectAsync();
        Assert.Equal("PONG", await first.AskAsync("PING"));
        await using var second = await served.ConnectAsync();
        Assert.Equal("ERR too many connections", await second.ReadAsync());
        Assert.Null(await second.ReadAsync());
    }

    [Fact]
    [Trait("Limit", "line-bytes-max")]
    public async Task A_line_over_line_bytes_max_is_told_and_closes_before_its_end_comes()
    {
        await using var served = await ServedSpecimen.StartAsync(o => o.LineBytesMax = 16);
        await using var client = await served.ConnectAsync();
        Assert.Equal("OK", await client.AskAsync("SET k 0123456789"));
        await client.SendAsync("SET k 01234567890");
        Assert.Equal("ERR a line has at most 16 bytes", await client.ReadAsync());
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    [Trait("Limit", "keys-max")]
    public async Task A_key_over_keys_max_is_refused_and_a_freed_place_is_taken()
    {
        await using var served = await ServedSpecimen.StartAsync(o => o.KeysMax = 1);
        await using var client = await served.ConnectAsync();
        Assert.Equal("OK", await client.AskAsync("SET a 1"));
        Assert.Equal("ERR at most 1 keys", await client.AskAsync("SET b 1"));
        Assert.Equal("OK", await client.AskAsync("SET a 2"));
        Assert.Equal("OK", await client.AskAsync("DEL a"));
        Assert.Equal("OK", await client.AskAsync("SET b 1"));
    }

    [Theory]
    [InlineData("keys-max", "0", "keys-max: 0 is not from 1 to 1000000")]
    [InlineData("keys-max", "many", "keys-max: 'many' is not a number")]
    [InlineData("nope", "1", "There is no option 'nope'. Known: connections-max, keys-max, line-bytes-max")]
    public void A_bad_option_is_refused_when_it_is_set(string name, string value, string told) =>
        Assert.Equal(told, Assert.Throws<ArgumentException>(() => new SpecimenOptions().Set(name, value)).Message);
}
