using System.Text;

namespace Microcosm.Generator.Tests;

/// <summary>The look-up by name finds every name in either case and nothing else.</summary>
public sealed class LookupTests
{
    private static readonly string[] Names = MakeNames();
    private static readonly Func<byte[], int> IndexOf = Compiler.Run<Func<byte[], int>>(Source(Names), "IndexOf");

    [Fact]
    public void Every_name_is_found_in_either_case()
    {
        for (var i = 0; i < Names.Length; i++)
        {
            Assert.Equal(i, IndexOf(Encoding.ASCII.GetBytes(Names[i])));
            Assert.Equal(i, IndexOf(Encoding.ASCII.GetBytes(Names[i].ToLowerInvariant())));
        }
    }

    [Fact]
    public void A_name_with_any_byte_changed_is_found_only_if_the_change_is_one_of_case()
    {
        for (var i = 0; i < Names.Length; i++)
        {
            for (var at = 0; at < Names[i].Length; at++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var bytes = Encoding.ASCII.GetBytes(Names[i]);
                    bytes[at] = (byte)value;
                    var expected = Array.FindIndex(Names, n => Upper(Encoding.ASCII.GetBytes(n)).AsSpan().SequenceEqual(Upper(bytes)));
                    if (IndexOf(bytes) != expected)
                        Assert.Fail($"{Names[i]} with byte {at} = {value}: {IndexOf(bytes)}, not {expected}");
                }
            }
        }
    }

    [Fact]
    public void A_name_cut_short_or_grown_is_not_found()
    {
        foreach (var name in Names)
        {
            Assert.Equal(Array.IndexOf(Names, name[..^1]), IndexOf(Encoding.ASCII.GetBytes(name[..^1])));
            Assert.Equal(Array.IndexOf(Names, name + "\0"), IndexOf(Encoding.ASCII.GetBytes(name + "\0")));
        }
        Assert.Equal(-1, IndexOf([]));
        Assert.Equal(-1, IndexOf(new byte[1000]));
    }

    [Fact]
    public void A_subcommand_is_found_by_its_container_only()
    {
        string[] names = ["CONFIG", "CONFIG|GET", "CONFIG|REWRITE-EVERYTHING", "OBJECT", "OBJECT|GET"];
        var indexOf = Compiler.Run<Func<byte[], int>>(Source(names), "IndexOf");
        var indexOfSub = Compiler.Run<Func<int, byte[], int>>(Source(names), "IndexOfSub");
        Assert.Equal(-1, indexOf("GET"u8.ToArray()));
        Assert.Equal(-1, indexOf("CONFIG|GET"u8.ToArray()));
        Assert.Equal([1, 4, 2, -1, -1], [
            indexOfSub(0, "get"u8.ToArray()), indexOfSub(3, "GET"u8.ToArray()), indexOfSub(0, "Rewrite-Everything"u8.ToArray()),
            indexOfSub(3, "REWRITE-EVERYTHING"u8.ToArray()), indexOfSub(1, "GET"u8.ToArray())]);
    }

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        var allocated = Compiler.Run<Func<byte[], long>>(Source(Names), "Allocated");
        allocated("LONGNAME0000000000"u8.ToArray());
        Assert.Equal(0, allocated("LONGNAME0000000000"u8.ToArray()));
    }

    // Lengths 1 to 30; names that differ in one byte of the first, a middle or the last word; letters next to 'A' and 'Z' in ASCII.
    private static string[] MakeNames()
    {
        var names = new List<string> { "Produce", "PRODUCT", "@A", "[A", "`B", "{B" };
        for (var length = 1; length <= 30; length++)
        {
            names.Add(new string('Z', length));
            names.Add(new string('Z', length - 1) + "A");
            names.Add("M" + new string('Z', length - 1));
            if (length > 12)
                names.Add(new string('Z', 10) + "Q" + new string('Z', length - 11));
        }
        return [.. names.Distinct().Order(StringComparer.Ordinal)];
    }

    private static string Source(string[] names) => $$"""
        static class A
        {
            {{string.Join('\n', names.Select(n => $"[Command(\"{n}\")]"))}}
            public static void Run(ref Call call) { }
        }

        public static class Probe
        {
            public static int IndexOf(byte[] name) => Table.IndexOf(name);
            public static int IndexOfSub(int parent, byte[] name) => Table.IndexOfSub(parent, name);
            public static long Allocated(byte[] name)
            {
                var before = System.GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 1000; i++)
                    Table.IndexOf(name);
                return System.GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
        """;

    private static byte[] Upper(byte[] bytes) => [.. bytes.Select(b => b is >= (byte)'a' and <= (byte)'z' ? (byte)(b - 32) : b)];
}
