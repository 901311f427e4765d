using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Reads a configuration as nginx does: file by file, each directive carried out as it is read, so that the first mistake is the one that
/// is reported. Modules leave what they found in <see cref="Draft"/>; <see cref="ConfigurationCompiler"/> makes the configuration of it.
/// </summary>
internal sealed class ConfigurationLoader
{
    // nginx knows no limit and dies of its stack or its descriptors; an include of itself is refused here.
    [Limit("include depth")]
    private const int IncludeDepthMax = 100;
    [Limit("block depth")]
    private const int BlockDepthMax = 500;

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<(string Path, byte[] Text)> _dump = [];
    private ConfigurationLexer? _lexer;
    private string? _file;
    private Contexts _context = Contexts.Main;
    private Level _level;
    private Action<DirectiveCall>? _lines;
    private int _includes;
    private int _blocks;

    public ConfigurationLoader(ConfigurationPaths paths, IConfigurationFiles files, INameResolver names)
    {
        (Paths, Files, Names) = (paths, files, names);
        _level = new Level(null, Contexts.Main);
        Draft = new ConfigurationDraft(_level);
    }

    public ConfigurationPaths Paths { get; }

    public IConfigurationFiles Files { get; }

    public INameResolver Names { get; }

    /// <summary>What has been read so far.</summary>
    public ConfigurationDraft Draft { get; }

    /// <summary>Warnings, in order.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>Every file read, for <c>-T</c>.</summary>
    public IReadOnlyList<(string Path, byte[] Text)> Dump => _dump;

    /// <summary>The context of the block being read.</summary>
    public Contexts Context => _context;

    /// <summary>The part being read.</summary>
    public PartDraft Part => IsStream ? Draft.Stream! : Draft.Http!;

    public bool IsStream => (_context & (Contexts.StreamMainServer | Contexts.StreamUpstream)) != 0;

    /// <summary>True for an upstream of the stream part.</summary>
    public bool IsStreamPart(UpstreamDraft upstream) => Draft.Stream?.Upstreams.Contains(upstream) == true;

    /// <summary>Variables of the part being read.</summary>
    public VariableTable Variables => Part.Variables;

    /// <summary>Where the reader stands, as it ends a message: <c>FILE:LINE</c>.</summary>
    public string Place => _file is null ? "command line" : $"{_file}:{_lexer?.Line}";

    /// <summary>Reads the text of <c>-g</c>.</summary>
    public void ReadParameters(string text)
    {
        _lexer = new ConfigurationLexer(text, isParameter: true);
        Placed(() => ReadBlock(isBlock: false));
        _lexer = null;
    }

    /// <summary>Reads the main file.</summary>
    public void ReadMain()
    {
        ReadFile(Paths.Configuration);
    }

    /// <summary>Reads a file where the reader stands: <c>include</c>.</summary>
    public void Include(string pattern)
    {
        var path = Paths.FromConfiguration(pattern);
        if (path.AsSpan().IndexOfAny("*?[") < 0)
        {
            ReadFile(path);
            return;
        }
        foreach (var match in Files.Match(path))
            ReadFile(match);
    }

    /// <summary>Reads a block's directives on a level of its own.</summary>
    public void ReadBlock(Contexts context, Level level)
    {
        var (outerContext, outerLevel, outerLines) = (_context, _level, _lines);
        (_context, _level, _lines) = (context, level, null);
        ReadNested();
        (_context, _level, _lines) = (outerContext, outerLevel, outerLines);
    }

    /// <summary>Reads a block whose lines are no directives: <c>types</c>, <c>map</c>, <c>geo</c>.</summary>
    public void ReadLines(Action<DirectiveCall> line)
    {
        var outer = _lines;
        _lines = line;
        ReadNested();
        _lines = outer;
    }

    public void Warn(string message) => _diagnostics.Add(new Diagnostic(LogLevel.Warn, $"{message} in {Place}"));

    /// <summary>A warning about the whole, without a place.</summary>
    public void WarnUnplaced(string message) => _diagnostics.Add(new Diagnostic(LogLevel.Warn, message));

    private void ReadNested()
    {
        if (++_blocks > BlockDepthMax)
            throw new ConfigurationException("too many nested blocks");
        ReadBlock(isBlock: true);
        _blocks--;
    }

    private void ReadFile(string path)
    {
        byte[] bytes;
        try
        {
            if (_includes >= IncludeDepthMax)
                throw new ConfigurationFileException(24, "Too many open files");
            bytes = Files.Read(path);
        }
        catch (ConfigurationFileException e)
        {
            var message = $"open() \"{path}\" failed {e.Message}";
            throw _file is null ? ConfigurationException.Unplaced(message) : new ConfigurationException(message);
        }
        if (!_dump.Any(d => d.Path == path))
            _dump.Add((path, bytes));
        var (outerLexer, outerFile, outerBlocks) = (_lexer, _file, _blocks);
        (_lexer, _file, _blocks) = (new ConfigurationLexer(Encoding.Latin1.GetString(bytes)), path, 0);
        _includes++;
        Placed(() => ReadBlock(isBlock: false));
        _includes--;
        (_lexer, _file, _blocks) = (outerLexer, outerFile, outerBlocks);
    }

    // Directives up to the end of the block, the file or the parameter.
    private void ReadBlock(bool isBlock)
    {
        var lexer = _lexer!;
        while (true)
        {
            var kind = lexer.Read();
            switch (kind)
            {
                case TokenKind.BlockEnd:
                    if (!isBlock)
                        throw new ConfigurationException("unexpected \"}\"");
                    return;
                case TokenKind.EndOfFile:
                    if (isBlock)
                        throw new ConfigurationException("unexpected end of file, expecting \"}\"");
                    return;
                case TokenKind.BlockStart when _file is null:
                    throw new ConfigurationException("block directives are not supported in -g option");
                case TokenKind.BlockStart when _lines is not null:
                    throw new ConfigurationException("unexpected \"{\"");
            }
            var call = new DirectiveCall(this, [.. lexer.Words], _level);
            if (_lines is not null)
                _lines(call);
            else
                Carry(call, kind == TokenKind.BlockStart);
        }
    }

    private void Carry(DirectiveCall call, bool opensBlock)
    {
        var directive = DirectiveTable.Find(call.Name, _context);
        if (!directive.IsBlock && opensBlock)
            throw call.Error($"directive \"{call.Name}\" is not terminated by \";\"");
        if (directive.IsBlock && !opensBlock)
            throw call.Error($"directive \"{call.Name}\" has no opening \"{{\"");
        if (!directive.Arity.Admits(call.Count))
            throw call.Error($"invalid number of arguments in \"{call.Name}\" directive");
        Draft.Note(directive, Place);
        directive.Apply(call);
    }

    // The innermost file that reads names its place. A filter, so that nothing is thrown twice.
    private void Placed(Action read)
    {
        try
        {
            read();
        }
        catch (ConfigurationException e) when (Locate(e))
        {
        }
    }

    private bool Locate(ConfigurationException e)
    {
        e.Locate(Place);
        return false;
    }
}
