'use strict';
const form=document.getElementById('filter');
if(form){
  const all=[...document.querySelectorAll('article')],shown=document.getElementById('shown');
  const texts=all.map(one=>one.textContent.toLowerCase());
  const field=id=>document.getElementById(id);
  // What is chosen under a name is looked for in the data of that name, which is one value or several.
  const fits=(data,chosen)=>(' '+data[chosen.name]+' ').includes(' '+chosen.value+' ');
  const show=()=>{
    const words=field('words').value.toLowerCase().split(/\s+/).filter(Boolean);
    // Of a group of boxes one has to fit; everything else that is chosen has to.
    const groups=[...form.querySelectorAll('fieldset')].map(group=>[...group.querySelectorAll('input:checked')]);
    const chosen=[...form.querySelectorAll('select,input[type=checkbox]:checked')].filter(one=>one.value&&!one.closest('fieldset'));
    let count=0;
    all.forEach((one,at)=>{
      const data=one.dataset;
      const on=groups.every(group=>group.some(one=>fits(data,one)))&&chosen.every(one=>fits(data,one))
        &&words.every(word=>texts[at].includes(word));
      one.hidden=!on;
      count+=on;
    });
    shown.textContent=count+' of '+all.length+' shown';
  };
  const open=on=>all.forEach(one=>{if(!one.hidden)one.querySelector('details').open=on;});
  let waiting;
  form.addEventListener('input',()=>{clearTimeout(waiting);waiting=setTimeout(show,60);});
  form.addEventListener('submit',event=>event.preventDefault());
  form.addEventListener('reset',()=>setTimeout(show));
  field('open').addEventListener('click',()=>open(true));
  field('close').addEventListener('click',()=>open(false));
  document.addEventListener('keydown',event=>{
    if(event.key==='/'&&!/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)){event.preventDefault();field('words').focus();}
  });
  show();
}
addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(one=>{one.open=true;}));
