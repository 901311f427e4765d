using System.Buffers.Binary;

namespace Microcosm.Nginx;

/// <summary><c>geo</c>, of the http and of the stream part.</summary>
internal sealed class GeoModule
{
    public static readonly GeoModule Http = new("http_geo_module", Contexts.Http);

    public static readonly GeoModule Stream = new("stream_geo_module", Contexts.Stream);

    private GeoModule(string name, Contexts main)
    {
        Module = new Module(name, main);
        Module.Block("geo", main, Arity.OneOrTwo, Read);
    }

    public Module Module { get; }

    private static void Read(DirectiveCall call)
    {
        var first = VariableName.Of(call[1]);
        var name = call.Count == 1 ? first : VariableName.Of(call[2]);
        var forwardedFor = call.Loader.IsStream ? null : call.Variables.Use("http_x_forwarded_for");
        var table = new GeoTable(call.Variables.Use(call.Count == 1 ? "remote_addr" : first), forwardedFor);
        call.Variables.Declare(name, table, VariableFlags.None);
        call.Loader.ReadLines(line => ReadLine(line, table));
        if (table.IsVolatile)
            call.Variables.Declare(name, table, VariableFlags.NoCacheable);
    }

    private static void ReadLine(DirectiveCall line, GeoTable table)
    {
        if (line.Count == 0)
        {
            switch (line.Name)
            {
                case "ranges":
                    if (table.HasNetworks)
                        throw line.Error("the \"ranges\" directive must be the first directive inside \"geo\" block");
                    table.IsRanges = true;
                    return;
                case "proxy_recursive":
                    table.IsRecursive = true;
                    return;
                case "volatile":
                    table.IsVolatile = true;
                    return;
            }
        }
        if (line.Count != 1)
            throw line.Error("invalid number of the geo parameters");
        if (line.Name == "include")
            line.Loader.Include(line[1]);
        else if (line.Name == "proxy")
            table.Proxies.Add(Network(line, line[1]));
        else if (table.IsRanges)
            ReadRange(line, table);
        else
            ReadNetwork(line, table);
    }

    private static Cidr Network(DirectiveCall line, string text)
    {
        if (!Cidr.TryParse(text, out var cidr, out var hasLowBits))
            throw line.Error($"invalid network \"{text}\"");
        if (hasLowBits)
            line.Warn($"low address bits of {text} are meaningless");
        return cidr;
    }

    private static void ReadNetwork(DirectiveCall line, GeoTable table)
    {
        var value = Latin1.Bytes(line[1]);
        if (line.Name == "default")
        {
            Add(line, table, GeoTable.Everything4, line.Name, value);
            Add(line, table, GeoTable.Everything6, line.Name, value);
            return;
        }
        if (line.Name != "delete")
            Add(line, table, Network(line, line.Name), line.Name, value);
        else if (!table.Remove(Network(line, line[1])))
            line.Warn($"no network \"{line[1]}\" to delete");
    }

    private static void Add(DirectiveCall line, GeoTable table, Cidr network, string text, byte[] value)
    {
        if (table.Add(network, value) is { } old)
            line.Warn($"duplicate network \"{text}\", value: \"{line[1]}\", old value: \"{Latin1.Text(old)}\"");
    }

    private static void ReadRange(DirectiveCall line, GeoTable table)
    {
        if (line.Name == "default")
        {
            if (table.Default is { } old)
                line.Warn($"duplicate default geo range value: \"{line[1]}\", old value: \"{Latin1.Text(old)}\"");
            table.Default = Latin1.Bytes(line[1]);
            return;
        }
        var isDelete = line.Name == "delete";
        var text = isDelete ? line[1] : line.Name;
        var dash = text.IndexOf('-');
        if (dash < 0 || Ip4(text[..dash]) is not { } from || Ip4(text[(dash + 1)..]) is not { } to || from > to)
            throw line.Error($"invalid range \"{text}\"");
        if (isDelete)
        {
            if (!table.Ranges.Remove(from, to))
                line.Warn($"no address range \"{text}\" to delete");
            return;
        }
        switch (table.Ranges.Add(from, to, Latin1.Bytes(line[1]), out var other))
        {
            case GeoRangeAdded.Duplicate:
                line.Warn($"duplicate range \"{text}\", value: \"{line[1]}\", old value: \"{Latin1.Text(other.Value)}\"");
                break;
            case GeoRangeAdded.Overlap:
                throw line.Error($"range \"{text}\" overlaps \"{GeoRanges.Text(other.From)}-{GeoRanges.Text(other.To)}\"");
        }
    }

    private static uint? Ip4(string text) =>
        Address.ParseIp4(text) is { } ip ? BinaryPrimitives.ReadUInt32BigEndian(ip.GetAddressBytes()) : null;
}
