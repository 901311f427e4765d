namespace Microcosm.Nginx;

/// <summary><c>map</c>, of the http and of the stream part.</summary>
internal sealed class MapModule
{
    public static readonly MapModule Http = new("http_map_module", Contexts.Http);

    public static readonly MapModule Stream = new("stream_map_module", Contexts.Stream);

    private MapModule(string name, Contexts main)
    {
        Module = new Module(name, main);
        Module.Block("map", main, Arity.Two, Read);
        Module.Number("map_hash_max_size", main, 2048);
        Module.Number("map_hash_bucket_size", main, 64);
    }

    public Module Module { get; }

    private static void Read(DirectiveCall call)
    {
        var key = call.Value(1);
        var name = VariableName.Of(call[2]);
        var table = new MapTable(key);
        // Declared first, so that a mistake in the name is the first one told.
        call.Variables.Declare(name, table, VariableFlags.None);
        call.Loader.ReadLines(line => ReadLine(line, table, call.Variables));
        if (table.IsVolatile)
            call.Variables.Declare(name, table, VariableFlags.NoCacheable);
    }

    private static void ReadLine(DirectiveCall line, MapTable table, VariableTable variables)
    {
        if (line.Count == 0 && line.Name == "hostnames")
        {
            table.HasHostNames = true;
            return;
        }
        if (line.Count == 0 && line.Name == "volatile")
        {
            table.IsVolatile = true;
            return;
        }
        if (line.Count != 1)
            throw line.Error("invalid number of the map parameters");
        if (line.Name == "include")
        {
            line.Loader.Include(line[1]);
            return;
        }
        var value = ComplexValue.Compile(line[1], variables);
        var key = line.Name;
        if (key == "default")
        {
            if (!table.TrySetDefault(value))
                throw line.Error("duplicate default map parameter");
        }
        else if (key.StartsWith('~'))
        {
            var ignoreCase = key.StartsWith("~*", StringComparison.Ordinal);
            table.Add(VariablePattern.Compile(key[(ignoreCase ? 2 : 1)..], ignoreCase, variables), value);
        }
        else
        {
            key = key.StartsWith('\\') ? key[1..] : key;
            switch (table.Add(key, value))
            {
                case HostNameAdded.Invalid:
                    throw line.Error($"invalid hostname or wildcard \"{key}\"");
                case HostNameAdded.Conflict:
                    throw line.Error($"conflicting parameter \"{key}\"");
            }
        }
    }
}
