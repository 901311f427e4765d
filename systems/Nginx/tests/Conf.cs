using System.Buffers;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>Loads configurations from strings.</summary>
internal static class Conf
{
    public const string MainFile = "/conf/nginx.conf";

    /// <summary>Loads a whole configuration; other files may be in <paramref name="files"/>.</summary>
    public static NginxConfiguration Load(string text, MemoryFiles? files = null, string parameters = "")
    {
        files ??= new MemoryFiles();
        files[MainFile] = text;
        return ConfigurationCompiler.Compile(Loader(files), parameters);
    }

    public static ConfigurationLoader Loader(MemoryFiles files) => new(new ConfigurationPaths("/prefix/", MainFile), files, files);

    /// <summary>The http part with this inside.</summary>
    public static HttpPart Http(string inside) => Load($"events {{}} http {{ {inside} }}").Http!;

    /// <summary>Values for a request that knows these variables.</summary>
    public static RequestValues Request(VariableTable variables, params (string Name, string Value)[] known) =>
        new(variables, new KnownVariables(variables, known));

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>What a variable is for a request.</summary>
    public static string Value(HttpPart http, string name, params (string Name, string Value)[] known)
    {
        var variable = http.Variables.All.First(v => v.Name == name);
        return Text(Request(http.Variables, known).Get(variable));
    }

    private sealed class KnownVariables(VariableTable variables, (string Name, string Value)[] known) : IVariableSource
    {
        public bool TryWrite(int id, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output)
        {
            var name = variables.BuiltIns[id].Name + Encoding.Latin1.GetString(suffix);
            foreach (var (key, value) in known)
            {
                if (key != name)
                    continue;
                output.Write(Encoding.UTF8.GetBytes(value));
                return true;
            }
            return false;
        }

        public void Assign(int id, ReadOnlySpan<byte> value)
        {
            var name = variables.BuiltIns[id].Name;
            var text = Encoding.UTF8.GetString(value);
            var at = Array.FindIndex(known, k => k.Name == name);
            known = at < 0 ? [.. known, (name, text)] : [.. known[..at], (name, text), .. known[(at + 1)..]];
        }

        public void OnUninitialized(Variable variable)
        {
        }
    }
}
