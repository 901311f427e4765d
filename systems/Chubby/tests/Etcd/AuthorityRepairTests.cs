using System.IO.Pipelines;
using System.Text;
using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Header blocks of clients that write a scheme into :authority.</summary>
public sealed class AuthorityRepairTests
{
    // :method POST, :scheme http, :path /s (a literal), as gRPC clients begin.
    private static readonly byte[] Before = [0x83, 0x86, 0x44, 2, (byte)'/', (byte)'s'];
    private static readonly byte[] After = [0x40, 1, (byte)'x', 1, (byte)'y'];

    [Fact]
    public void A_scheme_in_the_authority_gives_way_to_a_host()
    {
        byte[] block = [.. Before, 0x41, 12, .. "http://h:123"u8, .. After];
        Assert.Equal([.. Before, 0x41, 4, .. "etcd"u8, .. After], AuthorityRepair.Repair(block));
        // "http:" by RFC 7541's appendix B.
        byte[] coded = [.. Before, 0x41, 0x83, 0x9d, 0x29, 0xae, .. After];
        Assert.Equal([.. Before, 0x41, 4, .. "etcd"u8, .. After], AuthorityRepair.Repair(coded));
    }

    [Fact]
    public void Blocks_that_are_well_or_not_understood_are_left_alone()
    {
        Assert.Null(AuthorityRepair.Repair([.. Before, 0x41, 5, .. "h:123"u8, .. After]));
        Assert.Null(AuthorityRepair.Repair([.. Before, .. After]));
        Assert.Null(AuthorityRepair.Repair([]));
        byte[] whole = [.. Before, 0x41, 12, .. "http://h:123"u8];
        for (var length = 0; length < whole.Length; length++)
            Assert.Null(AuthorityRepair.Repair(whole.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task However_it_is_cut_the_reader_sees_the_same_with_the_first_block_repaired(int piece)
    {
        byte[] block = [.. Before, 0x41, 12, .. "http://h:123"u8];
        byte[] repaired = [.. Before, 0x41, 4, .. "etcd"u8];
        byte[] preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(4, [])];
        byte[] rest = [.. Frame(0, Encoding.ASCII.GetBytes("body")), .. Frame(1, block)];
        var pipe = new Pipe();
        var reader = new AuthorityReader(pipe.Reader);
        byte[] sent = [.. preface, .. Frame(1, block), .. rest];
        var writing = WriteAsync(pipe.Writer, sent, piece);
        var seen = new List<byte>();
        while (true)
        {
            var result = await reader.ReadAsync();
            // Half of it is taken, all of it examined: the rest must come again.
            var taken = result.IsCompleted ? result.Buffer.Length : (result.Buffer.Length + 1) / 2;
            seen.AddRange(System.Buffers.BuffersExtensions.ToArray(result.Buffer.Slice(0, taken)));
            reader.AdvanceTo(result.Buffer.GetPosition(taken), result.Buffer.End);
            if (result.IsCompleted)
                break;
        }
        await writing;
        Assert.Equal([.. preface, .. Frame(1, repaired), .. rest], seen);
    }

    [Fact]
    public async Task What_is_not_HTTP2_is_shown_as_it_comes()
    {
        var pipe = new Pipe();
        var reader = new AuthorityReader(pipe.Reader);
        await pipe.Writer.WriteAsync("P"u8.ToArray());
        Assert.False(reader.TryRead(out _));
        await pipe.Writer.WriteAsync("OST /"u8.ToArray());
        Assert.Equal("POST /", Encoding.ASCII.GetString((await reader.ReadAsync()).Buffer));
    }

    private static byte[] Frame(byte type, byte[] payload) => [0, 0, (byte)payload.Length, type, 4, 0, 0, 0, 1, .. payload];

    private static async Task WriteAsync(PipeWriter writer, byte[] bytes, int piece)
    {
        foreach (var part in bytes.Chunk(piece))
            await writer.WriteAsync(part);
        await writer.CompleteAsync();
    }
}
