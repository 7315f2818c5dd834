using System.CommandLine;
using System.Text;

namespace GeoHarm.Cli;

/// <summary>Static completion scripts, made from the tree of verbs itself.</summary>
internal static class CompletionCommand
{
    public static Command Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        return CommandLine.Verb("completion", "Print a completion script for a shell",
            ["source <(geoharm completion bash)", "geoharm completion fish > ~/.config/fish/completions/geoharm.fish"], [shell],
            (parse, terminal, _) =>
            {
                var words = Words(CommandLine.Tree(TextWriter.Null, TextWriter.Null, default)).ToList();
                terminal.Text(Script(parse.GetValue(shell)!, words));
                return ExitCode.Ok;
            });
    }

    /// <summary>For each path of verbs ("" for the root): the words that may follow.</summary>
    private static IEnumerable<(string Path, string[] Next)> Words(Command root)
    {
        string[] everywhere = [.. root.Options.Where(o => o.Recursive).Select(o => o.Name)];
        return Below(root, "");

        IEnumerable<(string Path, string[] Next)> Below(Command command, string path)
        {
            yield return (path, [.. command.Subcommands.Select(c => c.Name), .. command.Options.Select(o => o.Name).Union(everywhere)]);
            foreach (var child in command.Subcommands)
            {
                foreach (var entry in Below(child, path.Length == 0 ? child.Name : path + " " + child.Name)) yield return entry;
            }
        }
    }

    private static string Script(string shell, List<(string Path, string[] Next)> words)
    {
        var text = new StringBuilder();
        switch (shell)
        {
            case "fish":
                foreach (var (path, next) in words)
                {
                    var condition = path.Length == 0 ? "__fish_use_subcommand" : $"__fish_seen_subcommand_from {path.Split(' ')[^1]}";
                    foreach (var word in next)
                    {
                        text.Append("complete -c geoharm -n '").Append(condition).Append("' ")
                            .AppendLine(word.StartsWith("--", StringComparison.Ordinal) ? $"-l {word[2..]}" : $"-f -a {word}");
                    }
                }
                break;
            case "pwsh":
                text.AppendLine("Register-ArgumentCompleter -Native -CommandName geoharm -ScriptBlock {").AppendLine("  param($word, $ast)")
                    .AppendLine("  $path = (@($ast.CommandElements | Select-Object -Skip 1 | Where-Object { \"$_\" -notlike '-*' -and \"$_\" -ne $word }) -join ' ')").AppendLine("  $next = switch ($path) {");
                foreach (var (path, next) in words) text.AppendLine($"    '{path}' {{ '{string.Join(' ', next)}' }}");
                text.AppendLine("  }").AppendLine("  \"$next\".Split(' ') | Where-Object { $_ -like \"$word*\" }").AppendLine("}");
                break;
            default:
                if (shell == "zsh") text.AppendLine("autoload -U +X bashcompinit && bashcompinit");
                text.AppendLine("_geoharm() {").AppendLine("  local word=${COMP_WORDS[COMP_CWORD]} path=\"\" w")
                    .AppendLine("  for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do case $w in -*) ;; *) path=\"${path:+$path }$w\" ;; esac; done").AppendLine("  local next=\"\"").AppendLine("  case $path in");
                foreach (var (path, next) in words) text.AppendLine($"    \"{path}\") next=\"{string.Join(' ', next)}\" ;;");
                text.AppendLine("  esac").AppendLine("  COMPREPLY=( $(compgen -W \"$next\" -- \"$word\") )").AppendLine("  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=( $(compgen -f -- \"$word\") )").AppendLine("}").AppendLine("complete -F _geoharm geoharm");
                break;
        }
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
